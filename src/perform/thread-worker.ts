/** The page's end of one worker: questions, answers, events, and every way to fail. */

import type { LockEvent } from '../locks'
import { RealRunError } from './errors'
import { type FromWorker, readFromWorker, type ToWorker } from './protocol'

export interface ThreadListener {
  readonly event: (event: LockEvent) => void
  /** The worker is of no use any more. May come more than once. */
  readonly failure: (error: RealRunError) => void
}

type AnswerType = 'ready' | 'pong' | 'finished' | 'stopped'
type Answer<Type extends AnswerType> = Extract<FromWorker, { type: Type }>

export class ThreadWorker {
  readonly #worker: Worker
  readonly #listener: ThreadListener
  readonly #asked = new Map<FromWorker['type'], (answer: FromWorker) => void>()

  constructor(
    readonly thread: string,
    listener: ThreadListener,
  ) {
    this.#listener = listener
    try {
      this.#worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' })
    } catch (error) {
      throw this.#error('worker-failed', `no worker could be started: ${String(error)}`)
    }
    this.#worker.onmessage = ({ data }) => this.#hear(data)
    this.#worker.onmessageerror = () => this.#fail('worker-failed', 'sent what cannot be read')
    this.#worker.onerror = (event) => {
      // We tell it; nobody needs it as an uncaught error of the page besides.
      event.preventDefault()
      // A script that does not load says nothing; one that throws says what.
      this.#fail('worker-failed', event.message || 'the worker’s script did not load')
    }
  }

  /** Whether it owes an answer. */
  get isAsked(): boolean {
    return this.#asked.size > 0
  }

  /** One question of a kind at a time. Never settles if the worker fails: `failure` says so. */
  ask<Type extends AnswerType>(question: ToWorker, type: Type): Promise<Answer<Type>> {
    return new Promise((resolve) => {
      this.#asked.set(type, (answer) => resolve(answer as Answer<Type>))
      this.tell(question)
    })
  }

  tell(message: ToWorker): void {
    this.#worker.postMessage(message)
  }

  async stop(): Promise<void> {
    await this.ask({ type: 'stop' }, 'stopped')
  }

  /** The browser then lets go of whatever it held. */
  terminate(): void {
    this.#worker.terminate()
  }

  #hear(data: unknown): void {
    let message: FromWorker
    try {
      message = readFromWorker(data)
    } catch (error) {
      this.#fail('worker-failed', String(error))
      return
    }
    switch (message.type) {
      case 'event':
        this.#listener.event(message.event)
        return
      case 'failed':
        this.#fail(message.code, message.message)
        return
      default: {
        const answer = this.#asked.get(message.type)
        this.#asked.delete(message.type)
        answer?.(message)
      }
    }
  }

  #fail(code: RealRunError['code'], why: string): void {
    this.#listener.failure(this.#error(code, why))
  }

  #error(code: RealRunError['code'], why: string): RealRunError {
    return new RealRunError(code, [this.thread], `${this.thread}: ${why}`)
  }
}
