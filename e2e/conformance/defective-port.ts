/**
 * A port in as few lines as possible, which keeps every promise but one: so that a test can see the
 * suite notice which.
 */

import { noBus } from '../../src/locks/ports/bus'
import type { Answer, LockPort, PortRequest, PortSnapshot } from '../../src/locks/ports/port'

export type Defect =
  | 'none'
  | 'lets everybody in'
  | 'serves the last one first'
  | 'lets readers pass a waiting writer'
  | 'lets waiting readers in one by one'
  | 'makes a try wait'
  | 'forgets whoever waits when a lock is given back'
  | 'grants what was withdrawn'
  | 'looks at no queue after a withdrawal'
  | 'steals without a word'
  | 'takes a second release for another one’s'
  | 'keeps all names in one queue'
  | 'lists what is over'

interface Name {
  held: PortRequest[]
  queue: PortRequest[]
}

export class DefectivePort implements LockPort {
  readonly reach = 'realm'
  readonly bus = noBus
  readonly #names = new Map<string, Name>()
  readonly #over: PortRequest[] = []

  constructor(readonly defect: Defect) {}

  acquire(request: PortRequest): Answer {
    const name = this.#of(request)
    if (request.steal) {
      const robbed = name.held.splice(0)
      this.#hold(name, request)
      if (this.defect !== 'steals without a word') for (const each of robbed) each.lost('stolen')
      return 'granted'
    }
    const passes = this.defect === 'lets readers pass a waiting writer' && request.mode === 'shared'
    if ((name.queue.length === 0 || passes) && this.#fits(name, request)) {
      this.#hold(name, request)
      return 'granted'
    }
    if (request.ifAvailable && this.defect !== 'makes a try wait') return 'refused'
    if (this.defect === 'serves the last one first') name.queue.unshift(request)
    else name.queue.push(request)
    return 'waiting'
  }

  release(request: PortRequest): void {
    const name = this.#of(request)
    const at = name.held.indexOf(request)
    if (at >= 0) name.held.splice(at, 1)
    else if (this.defect === 'takes a second release for another one’s') name.held.shift()
    else return
    this.#over.push(request)
    if (this.defect !== 'forgets whoever waits when a lock is given back') this.#advance(name)
  }

  cancel(request: PortRequest): void {
    const name = this.#of(request)
    const at = name.queue.indexOf(request)
    if (at < 0 || this.defect === 'grants what was withdrawn') return
    name.queue.splice(at, 1)
    if (this.defect !== 'looks at no queue after a withdrawal') this.#advance(name)
  }

  *live(): Generator<PortRequest> {
    for (const { held, queue } of this.#names.values()) yield* [...held, ...queue]
  }

  async query(): Promise<PortSnapshot> {
    const names = [...this.#names.values()]
    const info = ({ name, mode }: PortRequest) => ({ name, mode, clientId: 'self' })
    const over = this.defect === 'lists what is over' ? this.#over : []
    return {
      held: [...names.flatMap(({ held }) => held), ...over].map(info),
      pending: names.flatMap(({ queue }) => queue).map(info),
    }
  }

  #of(request: PortRequest): Name {
    const key = this.defect === 'keeps all names in one queue' ? '' : request.name
    let name = this.#names.get(key)
    if (name === undefined) {
      name = { held: [], queue: [] }
      this.#names.set(key, name)
    }
    return name
  }

  #hold(name: Name, request: PortRequest): void {
    name.held.push(request)
    request.grantedAt = Date.now()
  }

  #fits({ held }: Name, { mode }: PortRequest): boolean {
    if (this.defect === 'lets everybody in') return true
    return held.every((other) => other.mode === 'shared' && mode === 'shared')
  }

  #advance(name: Name): void {
    for (let [first] = name.queue; first !== undefined && this.#fits(name, first); ) {
      name.queue.shift()
      this.#hold(name, first)
      first.granted()
      if (this.defect === 'lets waiting readers in one by one') return
      first = name.queue[0]
    }
  }
}
