/**
 * Writers of a phase-fair lock first take turns among themselves on a gate, so that at most one of
 * them is ever queued with the readers. That is Go's `RWMutex` over queues that are strictly in
 * order: the release of a writer lets in all readers who wait by then, and then the next writer.
 */

import type { Acquisition } from './acquisition'
import { writerGateSuffix } from './arguments'
import type { Make } from './entrance'
import { Deputy } from './ports/deputy'
import type { RequestInfo } from './ports/port'

class WriterGate extends Deputy {
  readonly name: string

  constructor(readonly writer: Acquisition) {
    super(writer)
    this.name = writer.name + writerGateSuffix
  }

  granted(): void {
    this.writer.passedGate()
  }
  /** Speaks for the writer until he asks for the lock itself. */
  override describe(): RequestInfo | undefined {
    return this.grantedAt < 0 ? super.describe() : undefined
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
