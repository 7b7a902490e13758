/** The page's end of one participant, wherever it is: questions, answers, batches, and every way to fail. */

import { RealRunError } from '../errors'
import { hearWorker } from '../hear-worker'
import type { OpenTab } from '../open-tab'
import { Questions } from '../questions'
import { TabError } from '../tab-greeting'
import {
  type FromParticipant,
  readFromParticipant,
  type TabFailure,
  type ToParticipant,
  type ToTab,
} from './protocol'

export interface LinkListener {
  readonly batch: (batch: Extract<FromParticipant, { type: 'batch' }>) => void
  /** The participant is of no use any more. May come more than once. */
  readonly failure: (error: Error) => void
}

type Answer = Exclude<FromParticipant, { readonly type: 'batch' | 'failed' }>

/** How messages get there, and how it ends. */
interface Wire {
  tell(message: ToParticipant): void
  end(): void
}

export class ParticipantLink {
  readonly #listener: LinkListener
  readonly #wire: Wire
  readonly #questions = new Questions<Answer>()

  /**
   * @param name how people call it
   * @param tab where its worker is; a worker of this page without
   */
  constructor(
    readonly name: string,
    run: { readonly name: string; readonly title: string },
    tab: OpenTab | undefined,
    listener: LinkListener,
  ) {
    this.#listener = listener
    this.#wire = tab === undefined ? this.#own() : this.#in(tab, run)
  }

  /** Whether it owes an answer. */
  get isAsked(): boolean {
    return this.#questions.areOpen
  }

  /** One question of a kind at a time. Never settles if the participant fails: `failure` says so. */
  ask<Type extends Answer['type']>(
    question: ToParticipant,
    type: Type,
  ): Promise<Extract<Answer, { readonly type: Type }>> {
    return this.#questions.ask(type, () => this.#wire.tell(question))
  }

  /** Resolves when it has let go of everything. */
  async stop(): Promise<void> {
    await this.ask({ type: 'stop' }, 'stopped')
  }

  /** The browser then lets go of whatever it held. */
  terminate(): void {
    this.#wire.end()
  }

  #own(): Wire {
    const worker = this.#hire()
    hearWorker(
      worker,
      (data) => this.#hear(data),
      (why) => this.#fail('worker-failed', why),
    )
    return { tell: (message) => worker.postMessage(message), end: () => worker.terminate() }
  }

  #hire(): Worker {
    try {
      return new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' })
    } catch (error) {
      throw this.#error('worker-failed', `no worker could be started: ${String(error)}`)
    }
  }

  #in(tab: OpenTab, run: { readonly name: string; readonly title: string }): Wire {
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = ({ data }) => this.#hear(data)
    port1.onmessageerror = () => this.#fail('worker-failed', 'sent what cannot be read')
    const hearTab = ({ data }: MessageEvent<TabFailure>) => {
      if (data?.type === 'worker failed' && data.run === run.name)
        this.#fail('worker-failed', data.message)
    }
    const gone = () => {
      const words = `${this.name} was closed or reloaded before the run had ended.`
      this.#listener.failure(new TabError('gone', words))
    }
    tab.port.addEventListener('message', hearTab)
    tab.port.start()
    tab.gone.addEventListener('abort', gone, { once: true })
    if (tab.gone.aborted) gone()
    tab.port.postMessage({ type: 'take part', run: run.name, title: run.title } satisfies ToTab, [
      port2,
    ])
    return {
      tell: (message) => port1.postMessage(message),
      end: () => {
        tab.port.removeEventListener('message', hearTab)
        tab.gone.removeEventListener('abort', gone)
        tab.port.postMessage({ type: 'over', run: run.name } satisfies ToTab)
        port1.close()
      },
    }
  }

  #hear(data: unknown): void {
    let message: FromParticipant
    try {
      message = readFromParticipant(data)
    } catch (error) {
      this.#fail('worker-failed', String(error))
      return
    }
    switch (message.type) {
      case 'batch':
        this.#listener.batch(message)
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
    return new RealRunError(code, [this.name], `${this.name}: ${why}`)
  }
}
