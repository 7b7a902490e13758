/** Why a run on real workers came to no end. */

export type RealRunErrorCode =
  /** There are no workers here, or no Web Locks in them. */
  | 'unsupported'
  /** A worker's script did not load, or threw. */
  | 'worker-failed'
  /** Somebody stole the lock from a thread. */
  | 'lock-lost'
  /** The run took much longer than its scenario can take. */
  | 'overdue'

/** `code` is stable; the message is for people, and names the threads. */
export class RealRunError extends Error {
  override readonly name = 'RealRunError'
  constructor(
    readonly code: RealRunErrorCode,
    /** The names of the threads that it is about. */
    readonly threads: readonly string[],
    message: string,
  ) {
    super(message)
  }
}
