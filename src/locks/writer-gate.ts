/**
 * Writers of a phase-fair lock first take turns among themselves on a gate, so that at most one of
 * them is ever queued with the readers. That is Go's `RWMutex` over queues that are strictly in
 * order: the release of a writer lets in all readers who wait by then, and then the next writer.
 */

import type { Acquisition } from './acquisition'
import { writerGateSuffix } from './arguments'
import type { Make } from './entrance'
import type { LossReason, PortRequest, RequestInfo } from './ports/port'

class WriterGate implements PortRequest {
  slot: unknown = undefined
  grantedAt = -1
  readonly name: string
  readonly mode = 'exclusive'

  constructor(readonly writer: Acquisition) {
    this.name = writer.name + writerGateSuffix
  }

  get ifAvailable(): boolean {
    return this.writer.ifAvailable
  }
  granted(): void {
    this.writer.passedGate()
  }
  refused(): void {
    this.writer.refused()
  }
  failed(error: unknown): void {
    this.writer.failed(error)
  }
  lost(reason: LossReason): void {
    this.writer.lost(reason)
  }
  /** Speaks for the writer until he asks for the lock itself. */
  describe(): RequestInfo | undefined {
    return this.grantedAt < 0 ? this.writer.describe() : undefined
  }
}

/** The same writers, each behind his gate. */
export function gated<W extends Acquisition>(make: Make<W>): Make<W> {
  return (way, owner) => {
    const writer = make(way, owner)
    writer.more.gate = new WriterGate(writer)
    return writer
  }
}
