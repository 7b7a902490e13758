/** What a worker says, and every way in which it fails. Its questions are in `questions.ts`. */

/** @param fail told why, in words that follow a name; may be called more than once */
export function hearWorker(
  worker: Worker,
  hear: (message: unknown) => void,
  fail: (why: string) => void,
): void {
  worker.onmessage = ({ data }) => hear(data)
  worker.onmessageerror = () => fail('sent what cannot be read')
  worker.onerror = (event) => {
    // We tell it; nobody needs it as an uncaught error of the page besides.
    event.preventDefault()
    // A script that does not load says nothing; one that throws says what.
    fail(event.message || 'the worker’s script did not load')
  }
}
