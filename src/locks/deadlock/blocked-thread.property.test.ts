/**
 * Whatever threads hold and wait for, one that blocks is told of a deadlock if and only if a model
 * that tries all chains says that it is the victim.
 */

import fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import { Locks } from '../create-locks'
import { DeadlockError, TimeoutError } from '../errors'
import type { LockMode } from '../events'
import { bit } from '../ports/shared-memory/layout'
import { Space } from '../space'
import { LocalMemory } from '../testing/local-memory'
import { TableThread } from '../testing/table-thread'
import { extend } from '../testing/test-agents'
import { VirtualClock } from '../testing/virtual-clock'
import { detectDeadlocks } from './detect-deadlocks'

vi.setConfig({ testTimeout: 60_000 })

const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31))
const numRuns = Number(process.env.RUNS ?? 1_000)
console.info(`blocked-thread.property.test.ts: SEED=${seed}`)

interface Ask {
  /** 0: the one that detects. */
  readonly agent: number
  readonly name: string
  readonly mode: LockMode
  readonly blocks: boolean
}

interface Asked extends Ask {
  readonly held: boolean
}

const names = ['a', 'b', 'c', 'd']
const agents = 5

const ask: fc.Arbitrary<Ask> = fc.record({
  agent: fc.nat(agents - 1),
  name: fc.constantFrom(...names),
  mode: fc.constantFrom('exclusive', 'exclusive', 'shared'),
  blocks: fc.integer({ max: 3, min: 0 }).map((n) => n > 0),
})

const program = fc.record({
  before: fc.array(ask, { maxLength: 14 }),
  own: ask.map((each) => ({ ...each, agent: 0, blocks: true })),
  after: fc.array(ask, { maxLength: 8 }),
  detects: fc.array(fc.boolean(), { minLength: agents, maxLength: agents }),
})

/** Who asked, in this order; nobody has let go. */
class Model {
  readonly asked: Asked[] = []

  holds(name: string, mode: LockMode): boolean {
    return this.asked.some((each) => each.name === name && each.held && conflict(each.mode, mode))
  }

  isBlocked(agent: number): boolean {
    return this.blockedFor(agent) !== undefined
  }

  blockedFor(agent: number): Asked | undefined {
    return this.asked.find((each) => each.agent === agent && !each.held && each.blocks)
  }

  wouldWait({ name, mode }: Ask): boolean {
    const queued = this.asked.some((each) => each.name === name && !each.held)
    return queued || this.holds(name, mode)
  }

  /** Whether somebody does it: not who is blocked, nor who has asked for the name before. */
  admits(each: Ask): boolean {
    if (this.isBlocked(each.agent)) return false
    return !this.asked.some(({ agent, name }) => agent === each.agent && name === each.name)
  }

  add(each: Ask): void {
    this.asked.push({ ...each, held: !this.wouldWait(each) })
  }

  /** Whether some chain of waits, none of them twice, leads back to what this one holds. */
  isVictim(own: Asked, detects: readonly boolean[], chain: readonly Asked[] = [own]): boolean {
    const last = chain.at(-1) as Asked
    const later = (each: Asked) => this.asked.indexOf(each) > this.asked.indexOf(own)
    const before = this.asked.slice(0, this.asked.indexOf(last))
    const ahead = before.filter((each) => {
      const holdsBack = last.mode === 'shared' && each.mode === 'exclusive'
      return each.name === last.name && !each.held && holdsBack
    })
    const holders = this.asked.filter((each) => {
      const isOther = each.agent !== last.agent && each.name === last.name
      return isOther && each.held && conflict(each.mode, last.mode)
    })
    const byHold = holders.flatMap(({ agent }) => this.blockedFor(agent) ?? [])
    const byWait = ahead.flatMap((each) => [each, this.blockedFor(each.agent) ?? each])
    if (byHold.includes(own)) return true
    const next = [
      ...byHold.filter((each) => !(detects[each.agent] && later(each))),
      ...byWait,
    ].filter((each) => !chain.includes(each))
    return next.some((each) => this.isVictim(own, detects, [...chain, each]))
  }
}

function conflict(one: LockMode, other: LockMode): boolean {
  return one === 'exclusive' || other === 'exclusive'
}

test('told is the victim, and nobody else', () => {
  const told = { deadlock: 0, none: 0 }
  const check = fc.property(program, ({ before, own, after, detects }) => {
    const clock = new VirtualClock()
    const memory = new LocalMemory(clock)
    // It watches.
    memory.attach()
    const port = memory.attach()
    const locks = new Locks(new Space('cluster', () => ({ bounded: port, strict: port }), clock))
    extend(locks, { deadlock: detectDeadlocks({ after: 300 }) })
    const threads = detects.map((each) => new TableThread(memory, each))
    const model = new Model()
    const doAsk = (each: Ask) => {
      if (!model.admits(each)) return
      if (each.agent === 0) {
        // It is to wait but once.
        if (model.wouldWait(each)) return
        acquire(locks, each)
      } else {
        threads[each.agent]?.ask(each.name, each.mode, each.blocks ? bit.blocking : 0)
      }
      model.add(each)
    }
    for (const each of before) doAsk(each)
    if (!model.admits(own) || !model.wouldWait(own)) return
    model.add(own)
    memory.words.meanwhile = () => {
      for (const each of after) doAsk(each)
    }
    let end: unknown
    try {
      acquire(locks, own)
    } catch (error) {
      end = error
    }
    const isVictim = model.isVictim(model.blockedFor(0) as Asked, detects)
    told[isVictim ? 'deadlock' : 'none']++
    expect(end).toBeInstanceOf(isVictim ? DeadlockError : TimeoutError)
  })
  fc.assert(check, { seed, numRuns })
  // Both happen.
  console.info(`${told.deadlock} deadlocks, ${told.none} waits`)
  expect(Math.min(told.deadlock, told.none)).toBeGreaterThanOrEqual(Math.floor(numRuns / 200))
})

/** For at most a second. */
function acquire(locks: Locks, { name, mode }: Ask): void {
  const lock = locks.rwLock(name, { policy: 'fifo' })
  const how = { timeout: 1_000 }
  if (mode === 'exclusive') lock.acquireWriteSync(how)
  else lock.acquireReadSync(how)
}
