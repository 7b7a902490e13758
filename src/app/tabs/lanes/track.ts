/** What one participant did, as bars: waits and holds, from its events. Pure but for being added to. */

import type { LockEvent, LockMode } from '../../../locks'

export type SpanKind = 'wait' | 'read' | 'write'

/** How a bar ended; without, it goes on. */
export type SpanEnd = 'granted' | 'released' | 'gave up' | 'lost' | 'died'

export interface Span {
  readonly request: string
  readonly lock: string
  readonly kind: SpanKind
  readonly mode: LockMode
  /** Epoch ms. */
  readonly from: number
  to?: number
  end?: SpanEnd
  fence?: number
}

/** Bars that are kept: more are not seen at once. */
const most = 600

export class Track {
  readonly #spans: Span[] = []
  readonly #open = new Map<string, Span>()

  get spans(): readonly Span[] {
    return this.#spans
  }

  /** What goes on now. */
  get open(): Iterable<Span> {
    return this.#open.values()
  }

  add(event: LockEvent): void {
    const { request, time } = event
    switch (event.type) {
      case 'request':
        this.#begin(event, 'wait')
        return
      case 'grant':
        this.#finish(request, time, 'granted')
        this.#begin(event, event.mode === 'shared' ? 'read' : 'write')
        return
      case 'fence':
        this.#mark(request, event.fence)
        return
      case 'release':
        this.#finish(request, time, 'released')
        return
      case 'abort':
      case 'timeout':
      case 'refuse':
        this.#finish(request, time, 'gave up')
        return
      case 'lost':
        this.#finish(request, time, 'lost')
    }
  }

  /** The participant ended: so did whatever it was at. */
  cut(time: number): void {
    for (const request of [...this.#open.keys()]) this.#finish(request, time, 'died')
  }

  #begin({ request, lock, mode, time }: LockEvent, kind: SpanKind): void {
    const span: Span = { request, lock, kind, mode, from: time }
    this.#open.set(request, span)
    this.#spans.push(span)
    if (this.#spans.length > most) this.#spans.shift()
  }

  #mark(request: string, fence: number): void {
    const span = this.#open.get(request)
    if (span) span.fence = fence
  }

  #finish(request: string, time: number, end: SpanEnd): void {
    const span = this.#open.get(request)
    if (span === undefined) return
    this.#open.delete(request)
    span.to = Math.max(time, span.from)
    span.end = end
  }
}
