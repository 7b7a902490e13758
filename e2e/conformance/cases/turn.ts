/**
 * What an agent asks for within one turn of its event loop, and what it does in the middle of a
 * callback: the port's books must be in order whenever somebody acts.
 */

import { clientIdOf } from '../../../src/locks/ports/client-id'
import type { Probe } from '../../../src/locks/testing/probe'
import { same } from '../check'
import type { Crowd } from '../crowd'
import type { Stage } from '../stage'
import type { Case } from '../suite'

/** One agent, and a crowd that has nobody else in it. */
export interface Alone {
  readonly stage: Stage
  readonly crowd: Crowd
}

export const turnCases: readonly Case<Alone>[] = [
  inOneTurn('all that asks is served in its order', async ({ stage, crowd }) => {
    const heard: string[] = []
    const hears = (what: string, probe: Probe) => {
      if (what === 'granted') heard.push(probe.id)
      if (probe.state === 'held') queueMicrotask(() => probe.end())
    }
    for (const id of ['x1', 'x2', 'x3', 'x4']) stage.ask(id, { hears })
    await crowd.settle()
    // The first one may have been granted within `acquire`.
    same(heard.slice(-3), ['x2', 'x3', 'x4'])
  }),
  inOneTurn('a request is asked and withdrawn', async ({ stage, crowd }) => {
    stage.ask('x1').end()
    const x2 = stage.ask('x2')
    await crowd.settle()
    same(x2.state, 'held')
  }),
  inOneTurn('a withdrawn request hears nothing', async ({ stage, crowd }) => {
    const heard: string[] = []
    const x1 = stage.ask('x1')
    const x2 = stage.ask('x2', { hears: (what) => heard.push(what) })
    x2.end()
    x1.end()
    await crowd.settle()
    same(heard, [])
  }),
  inOneTurn('a try after a release gets the lock', async ({ stage, crowd }) => {
    const x1 = stage.ask('x1')
    await crowd.settle()
    x1.release()
    const attempt = stage.ask('try', { ifAvailable: true })
    await crowd.settle()
    same(attempt.state, 'held')
  }),
  inOneTurn('a try after a release goes behind whoever waits', async ({ stage, crowd }) => {
    const x1 = stage.ask('x1')
    const x2 = stage.ask('x2')
    await crowd.settle()
    x1.release()
    const attempt = stage.ask('try', { ifAvailable: true })
    await crowd.settle()
    same([x2.state, attempt.state], ['held', 'refused'])
  }),
  inOneTurn('a try is withdrawn before its answer', async ({ stage, crowd }) => {
    stage.ask('try', { ifAvailable: true }).end()
    await crowd.settle()
    const x1 = stage.ask('x1')
    await crowd.settle()
    same(x1.state, 'held')
  }),
  inOneTurn('a queue of a hundred is served one by one', async ({ stage, crowd }) => {
    const served: string[] = []
    let inside = 0
    const hears = (what: string, probe: Probe) => {
      if (probe.state !== 'held') return
      inside++
      if (what !== 'granted' && what !== 'held') return
      served.push(inside === 1 ? probe.id : `${probe.id} beside another`)
      inside--
      probe.end()
    }
    const first = stage.ask('first')
    for (let n = 0; n < 100; n++) stage.ask(`${n}`, { hears })
    await crowd.settle()
    first.end()
    await crowd.settle()
    same(
      served,
      Array.from({ length: 100 }, (_, n) => `${n}`),
    )
  }),

  leftAlone('a second release gives nothing away', async ({ stage, crowd }) => {
    const [x1, x2, x3] = ['x1', 'x2', 'x3'].map((id) => stage.ask(id)) as [Probe, Probe, Probe]
    await crowd.settle()
    x1.end()
    await crowd.settle()
    stage.port.release(x1)
    await crowd.settle()
    same([x2.state, x3.state], ['held', 'waiting'])
  }),
  leftAlone('the release of a lost hold gives nothing away', async ({ stage, crowd }) => {
    const x1 = stage.ask('x1')
    const x2 = stage.ask('x2')
    await crowd.settle()
    const thief = stage.ask('thief', { steal: true })
    await crowd.settle()
    stage.port.release(x1)
    await crowd.settle()
    same([thief.state, x2.state], ['held', 'waiting'])
  }),
  leftAlone('release and withdrawal of a refused request', async ({ stage, crowd }) => {
    const x1 = stage.ask('x1')
    const attempt = stage.ask('try', { ifAvailable: true })
    await crowd.settle()
    stage.port.release(attempt)
    stage.port.cancel(attempt)
    await crowd.settle()
    same([x1.state, attempt.state], ['held', 'refused'])
  }),
  leftAlone('the withdrawal of a granted request', async ({ stage, crowd }) => {
    const x1 = stage.ask('x1')
    const x2 = stage.ask('x2')
    await crowd.settle()
    stage.port.cancel(x1)
    await crowd.settle()
    same([x1.state, x2.state], ['held', 'waiting'])
    x1.end()
    await crowd.settle()
    same(x2.state, 'held')
  }),

  inCallback('a grant is answered by a release and another request', async ({ stage, crowd }) => {
    const again = stage.probe('again')
    const hears = (what: string, probe: Probe) => {
      if (what !== 'granted') return
      probe.release()
      again.ask()
    }
    const x1 = stage.ask('x1')
    stage.ask('x2', { hears })
    const x3 = stage.ask('x3')
    await crowd.settle()
    x1.end()
    await crowd.settle()
    same([x3.state, again.state], ['held', 'waiting'])
    x3.end()
    await crowd.settle()
    same(again.state, 'held')
  }),
  inCallback('whoever lost it and asks again waits behind the thief', async ({ stage, crowd }) => {
    const again = stage.probe('again')
    stage.ask('x1', { hears: (what) => what === 'lost' && again.ask() })
    await crowd.settle()
    const thief = stage.ask('thief', { steal: true })
    await crowd.settle()
    same([thief.state, again.state], ['held', 'waiting'])
    thief.end()
    await crowd.settle()
    same(again.state, 'held')
  }),
  inCallback('one of several who lost it ends the others in return', async ({ stage, crowd }) => {
    const others: Probe[] = []
    const hears = (what: string) => {
      if (what === 'lost') for (const other of others) if (other.state === 'held') other.release()
    }
    for (const id of ['s1', 's2', 's3']) others.push(stage.ask(id, { mode: 'shared', hears }))
    await crowd.settle()
    const thief = stage.ask('thief', { steal: true })
    const x4 = stage.ask('x4')
    await crowd.settle()
    same([thief.state, x4.state], ['held', 'waiting'])
    thief.end()
    await crowd.settle()
    same(x4.state, 'held')
  }),

  listing('live() tells holders by their grants, then waiters', async ({ stage, crowd }) => {
    for (const id of ['s1', 's2', 'x3', 's4']) {
      stage.ask(id, { mode: id.startsWith('s') ? 'shared' : 'exclusive' })
      await crowd.settle()
    }
    same(
      [...stage.port.live()].map((request) => (request as Probe).id),
      ['s1', 's2', 'x3', 's4'],
    )
  }),
  listing('query() tells names, modes and one id for each agent', async ({ stage, crowd }) => {
    stage.ask('s1', { mode: 'shared', name: 'listed' })
    await crowd.settle()
    const clientId = await clientIdOf(stage.port)
    const { held } = await stage.port.query()
    const ours = held.filter(({ name }) => name === 'listed')
    same(
      ours.map(({ name, mode }) => [name, mode]),
      [['listed', 'shared']],
    )
    same(ours[0]?.clientId, clientId)
    same(clientId !== '', true)
  }),
  listing('query() leaves out what was ended in the same turn', async ({ stage, crowd }) => {
    const x1 = stage.ask('x1', { name: 'gone' })
    const x2 = stage.ask('x2', { name: 'gone' })
    x2.end()
    x1.end()
    await crowd.settle()
    const { held, pending } = await stage.port.query()
    same(
      [...held, ...pending].filter(({ name }) => name === 'gone'),
      [],
    )
  }),
  listing('a grant is dated', async ({ stage, crowd }) => {
    const before = Date.now()
    const x1 = stage.ask('x1')
    await crowd.settle()
    // The wall clock is whole ms, and may be read by another agent of the same machine.
    same(x1.grantedAt >= before - 1 && x1.grantedAt <= Date.now() + 1, true)
  }),
]

function inOneTurn(title: string, run: Case<Alone>['run']): Case<Alone> {
  return { group: 'in one turn', title, run }
}

function leftAlone(title: string, run: Case<Alone>['run']): Case<Alone> {
  return { group: 'harmless', title, run }
}

function inCallback(title: string, run: Case<Alone>['run']): Case<Alone> {
  return { group: 'in a callback', title, run }
}

function listing(title: string, run: Case<Alone>['run']): Case<Alone> {
  return { group: 'query', title, run }
}
