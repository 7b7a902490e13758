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
  faces: Map<Space, TaskRecord> | undefined

  /**
   * @param of a name; or the task itself, as other lock spaces have it
   * @internal
   */
  constructor(space: Space, of?: string | TaskRecord) {
    super(space)
    const known = typeof of === 'object' ? of : undefined
    this.id = known?.id ?? space.nextId()
    this.name = known?.name ?? (of as string | undefined) ?? this.id
    this.since = known?.since ?? space.clock.coarse()
    this.faces = known?.faces
  }

  /** @internal */
  protected override owner(): TaskRecord {
    return this
  }
}
