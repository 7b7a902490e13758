/**
 * WebKit, as WebKitGTK's MiniBrowser, over WebDriver: the four commands that are needed here
 * (https://www.w3.org/TR/webdriver2/). It wants a display, so it gets one that nobody sees.
 */

import { freePort } from '../free-port'
import { type Engine, startLimit } from './engine'
import { type Program, startProgram } from './program'

/** @param driver `WebKitWebDriver`; it knows where its browser is */
export function webkitEngine(driver: string, xvfb: string): Engine {
  return {
    async open(url) {
      const screen = startProgram(xvfb, ['-displayfd', '3', '-nolisten', 'tcp'])
      const programs: Program[] = [screen]
      const close = async () => {
        await Promise.all(programs.map((program) => program.stop()))
      }
      try {
        const [, display] = await screen.said(/^(\d+)$/m, startLimit)
        const port = await freePort()
        const env = {
          DISPLAY: `:${display}`,
          GDK_BACKEND: 'x11',
          // Else it hides `SharedArrayBuffer`, also from isolated pages.
          JSC_useSharedArrayBuffer: '1',
        }
        programs.push(startProgram(driver, [`--port=${port}`], env))
        const root = `http://127.0.0.1:${port}/session`
        await listens(root)
        const args = ['--automation', '--javascript-can-open-windows-automatically=true']
        const options = { 'webkitgtk:browserOptions': { args } }
        const body = { capabilities: { alwaysMatch: options } }
        const { sessionId, ...opened } = (await post(root, body, startLimit)) as Session
        const session = `${root}/${sessionId}`
        await post(`${session}/timeouts`, { script: scriptLimit }, startLimit)
        await post(`${session}/url`, { url }, startLimit)
        return {
          version: opened.capabilities.browserVersion,
          async evaluate(expression) {
            const script = `const done = arguments[0]
              Promise.resolve(${expression}).then(
                (value) => done({ value }),
                (error) => done({ error: String(error) }),
              )`
            const path = `${session}/execute/async`
            const answer = (await post(path, { script, args: [] }, scriptLimit)) as Executed
            if ('error' in answer) throw new Error(answer.error)
            return answer.value
          },
          async close() {
            // Asked to, it ends its browser; whatever does not is killed.
            const answer = fetch(session, { method: 'DELETE', signal: AbortSignal.timeout(5_000) })
            await answer.catch(() => {})
            await close()
          },
        }
      } catch (error) {
        await close()
        throw error
      }
    },
  }
}

/** ms; whoever asks has a shorter limit of his own. */
const scriptLimit = 600_000

interface Session {
  readonly sessionId: string
  readonly capabilities: { readonly browserVersion: string }
}

type Executed = { readonly value: string } | { readonly error: string }

async function post(url: string, body: object, limit: number): Promise<unknown> {
  const signal = AbortSignal.timeout(limit)
  const response = await fetch(url, { method: 'POST', body: JSON.stringify(body), signal })
  const { value } = (await response.json()) as { value: unknown }
  if (!response.ok) throw new Error(`${url}: ${JSON.stringify(value)}`)
  return value
}

/** The driver does not say when it listens. */
async function listens(url: string): Promise<void> {
  const end = performance.now() + startLimit
  for (;;) {
    try {
      await fetch(url)
      return
    } catch (error) {
      if (performance.now() > end) throw error
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
}
