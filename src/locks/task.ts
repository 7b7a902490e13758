/** Tasks: who holds and waits. */

import type { Acquisition } from './acquisition'
import { LockFactory } from './factory'
import type { Space, TaskRecord } from './space'

export class NamedTask extends LockFactory implements TaskRecord {
  readonly id: string
  readonly name: string
  /** @internal */
  readonly holds = new Set<Acquisition>()
  /** @internal */
  readonly since: number

  /** @internal */
  constructor(space: Space, name?: string) {
    super(space)
    this.id = space.nextId()
    this.name = name ?? this.id
    this.since = space.clock.coarse()
  }

  /** @internal */
  protected override owner(): TaskRecord {
    return this
  }
}
