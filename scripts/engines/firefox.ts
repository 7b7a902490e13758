/**
 * Firefox, over WebDriver BiDi, which it speaks itself: the four commands that are needed here
 * (https://w3c.github.io/webdriver-bidi/). Playwright's driver wants a Firefox of its own making.
 */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { WebSocket } from 'ws'
import { within } from '../../e2e/conformance/check'
import { type Engine, startLimit } from './engine'
import { startProgram } from './program'

export function firefoxEngine(path: string): Engine {
  return {
    async open(url) {
      const profile = mkdtempSync(join(tmpdir(), 'latchkey-firefox-'))
      const removeProfile = () => rmSync(profile, { recursive: true, force: true, maxRetries: 5 })
      // Also where we are interrupted.
      process.once('exit', removeProfile)
      const args = ['--headless', '--no-remote', '--profile', profile]
      const firefox = startProgram(path, [...args, '--remote-debugging-port', '0'])
      const close = async () => {
        await firefox.stop()
        removeProfile()
      }
      try {
        const [, address] = await firefox.said(/WebDriver BiDi listening on (ws:\S+)/, startLimit)
        const socket = await connect(`${address}/session`)
        const session = await socket.send('session.new', { capabilities: {} })
        const { capabilities } = session as Session
        const { contexts } = (await socket.send('browsingContext.getTree', {})) as Tree
        const context = contexts[0]?.context
        await socket.send('browsingContext.navigate', { context, url, wait: 'complete' })
        return {
          version: capabilities.browserVersion,
          async evaluate(expression) {
            const target = { context }
            const script = { expression, target, awaitPromise: true }
            const answer = (await socket.send('script.evaluate', script)) as Evaluated
            if (answer.type === 'exception') throw new Error(answer.exceptionDetails.text)
            return answer.result.value
          },
          close,
        }
      } catch (error) {
        await close()
        throw error
      }
    },
  }
}

interface Session {
  readonly capabilities: { readonly browserVersion: string }
}

interface Tree {
  readonly contexts: readonly { readonly context: string }[]
}

type Evaluated =
  | { readonly type: 'success'; readonly result: { readonly value: string } }
  | { readonly type: 'exception'; readonly exceptionDetails: { readonly text: string } }

interface Answer {
  readonly id?: number
  readonly type: string
  readonly result: unknown
  readonly error?: string
  readonly message?: string
}

async function connect(address: string) {
  const socket = new WebSocket(address)
  const awaited = new Map<number, (answer: Answer) => void>()
  let last = 0
  let gone = (_: Error) => {}
  const closed = new Promise<never>((_, reject) => {
    gone = reject
  })
  closed.catch(() => {})
  socket.on('close', () => gone(new Error('Firefox has gone')))
  socket.on('error', gone)
  socket.on('message', (text) => {
    const answer: Answer = JSON.parse(String(text))
    if (answer.id === undefined) return
    awaited.get(answer.id)?.(answer)
    awaited.delete(answer.id)
  })
  const opened = new Promise<void>((resolve) => socket.on('open', resolve))
  await within(startLimit, 'a connection to Firefox', Promise.race([opened, closed]))
  return {
    async send(method: string, params: object): Promise<unknown> {
      const id = ++last
      const answered = new Promise<Answer>((resolve) => awaited.set(id, resolve))
      socket.send(JSON.stringify({ id, method, params }))
      const { type, result, error, message } = await Promise.race([answered, closed])
      if (type === 'error') throw new Error(`${method}: ${error}: ${message}`)
      return result
    },
  }
}
