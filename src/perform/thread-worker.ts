/** The page's end of one worker: questions, answers, events, and every way to fail. */

import type { LockEvent } from '../locks'
import { RealRunError } from './errors'
import { hearWorker } from './hear-worker'
import { type FromWorker, readFromWorker, type ToWorker } from './protocol'
import { Questions } from './questions'

export interface ThreadListener {
  readonly event: (event: LockEvent) => void
  /** The worker is of no use any more. May come more than once. */
  readonly failure: (error: RealRunError) => void
}

type Answer = Exclude<FromWorker, { readonly type: 'event' | 'failed' }>

export class ThreadWorker {
  readonly #worker: Worker
  readonly #listener: ThreadListener
  readonly #questions = new Questions<Answer>()

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
    hearWorker(
      this.#worker,
      (data) => this.#hear(data),
      (why) => this.#fail('worker-failed', why),
    )
  }

  /** Whether it owes an answer. */
  get isAsked(): boolean {
    return this.#questions.areOpen
  }

  /** One question of a kind at a time. Never settles if the worker fails: `failure` says so. */
  ask<Type extends Answer['type']>(
    question: ToWorker,
    type: Type,
  ): Promise<Extract<Answer, { readonly type: Type }>> {
    return this.#questions.ask(type, () => this.tell(question))
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
      default:
        this.#questions.answer(message)
    }
  }

  #fail(code: RealRunError['code'], why: string): void {
    this.#listener.failure(this.#error(code, why))
  }

  #error(code: RealRunError['code'], why: string): RealRunError {
    return new RealRunError(code, [this.thread], `${this.thread}: ${why}`)
  }
}
