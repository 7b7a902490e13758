/**
 * Tabs that can be hidden and frozen. Playwright makes each page that it knows believe that it is
 * visible and focused, and Chromium freezes hidden pages only: so these are opened past it, in a
 * browser context of their own, and spoken to over the DevTools protocol.
 */

import type { Browser, CDPSession } from '@playwright/test'
import { expect } from '@playwright/test'
import { pagesURL } from '../playwright.config'
import { patience } from './locks-tabs'

export interface RealTab {
  /** Runs a function there, as `page.evaluate` does. */
  evaluate<R>(run: () => R | Promise<R>): Promise<R>
  evaluate<R, A>(run: (argument: A) => R | Promise<R>, argument: A): Promise<R>
  /** Resolves once the tab has the state. A frozen one can still be spoken to. */
  is(state: 'visible' | 'hidden'): Promise<void>
  freeze(): Promise<void>
  resume(): Promise<void>
  /** Puts it before the others, which are hidden by it. */
  show(): Promise<void>
  closes(): Promise<void>
  crashes(): Promise<void>
}

export class RealTabs {
  readonly #root: CDPSession
  readonly #context: string
  /** By the id of a command, or the name of an event. */
  readonly #answers = new Map<number | string, (answer: Answer) => void>()
  #last = 0

  private constructor(root: CDPSession, context: string) {
    this.#root = root
    this.#context = context
    root.on('Target.receivedMessageFromTarget', ({ message }) => {
      const answer: Answer = JSON.parse(message)
      const expected = answer.id ?? answer.method
      if (expected !== undefined) this.#answers.get(expected)?.(answer)
    })
  }

  static async start(browser: Browser): Promise<RealTabs> {
    const root = await browser.newBrowserCDPSession()
    const { browserContextId } = await root.send('Target.createBrowserContext')
    return new RealTabs(root, browserContextId)
  }

  /** Opens a tab in front of the others, which are hidden by it. */
  async open(address = `${pagesURL}/agent.html`): Promise<RealTab> {
    const { targetId } = await this.#root.send('Target.createTarget', {
      url: 'about:blank',
      browserContextId: this.#context,
    })
    const { sessionId } = await this.#root.send('Target.attachToTarget', { targetId })
    const send = (method: string, params: object) => this.#send(sessionId, method, params)
    const evaluate = async <R, A>(
      run: (argument: A) => R | Promise<R>,
      argument?: A,
    ): Promise<R> => {
      const expression = `(${run})(${JSON.stringify(argument) ?? ''})`
      const evaluation = { expression, awaitPromise: true, returnByValue: true }
      const { result, exceptionDetails } = await send('Runtime.evaluate', evaluation)
      if (exceptionDetails) throw new Error(exceptionDetails.exception?.description)
      return result?.value as R
    }
    await send('Page.enable', {})
    const loaded = new Promise((resolve) => this.#answers.set('Page.loadEventFired', resolve))
    await send('Page.navigate', { url: address })
    await loaded
    await send('Page.disable', {})
    return {
      evaluate,
      is: async (state) => {
        const seen = () => evaluate(() => document.visibilityState)
        await expect.poll(seen, { intervals: [0] }).toBe(state)
      },
      freeze: async () => {
        await send('Page.setWebLifecycleState', { state: 'frozen' })
      },
      resume: async () => {
        await send('Page.setWebLifecycleState', { state: 'active' })
      },
      show: async () => {
        await this.#root.send('Target.activateTarget', { targetId })
      },
      closes: async () => {
        await this.#root.send('Target.closeTarget', { targetId })
      },
      crashes: async () => {
        await send('Inspector.enable', {})
        const crashed = new Promise((resolve) => {
          this.#answers.set('Inspector.targetCrashed', resolve)
        })
        // Nobody is left to answer.
        send('Page.crash', {}).catch(() => {})
        await crashed
      },
    }
  }

  /** Closes all tabs, which must have left no lock behind: `last` is one of them. */
  async end(last: RealTab): Promise<void> {
    const left = await last.evaluate(() => agent.leftOver(5_000))
    await this.close()
    expect(left, `within ${patience} ms`).toEqual([])
  }

  /** Closes all tabs. */
  async close(): Promise<void> {
    await this.#root.send('Target.disposeBrowserContext', { browserContextId: this.#context })
    await this.#root.detach()
  }

  #send(sessionId: string, method: string, params: object): Promise<Result> {
    const id = ++this.#last
    const answered = new Promise<Answer>((resolve) => this.#answers.set(id, resolve))
    const message = JSON.stringify({ id, method, params })
    this.#root.send('Target.sendMessageToTarget', { sessionId, message })
    return answered.then(({ result, error }) => {
      this.#answers.delete(id)
      if (result === undefined) throw new Error(`${method}: ${error?.message}`)
      return result
    })
  }
}

interface Result {
  readonly result?: { readonly value?: unknown }
  readonly exceptionDetails?: { readonly exception?: { readonly description?: string } }
}

interface Answer {
  readonly id?: number
  readonly method?: string
  readonly result?: Result
  readonly error?: { readonly message: string }
}
