/** The suite bites: whatever promise a port breaks, the case about it fails, and a good port passes. */

import { describe, expect, it, vi } from 'vitest'
import { agentCases, type Pair } from './cases/agents'
import { queueCases } from './cases/queue'
import { turnCases } from './cases/turn'
import { Crowd } from './crowd'
import { type Defect, DefectivePort } from './defective-port'
import type { OpenPort } from './ports'
import type { Agent } from './protocol'
import { Stage } from './stage'
import { type Case, type Outcome, runCases } from './suite'

vi.setConfig({ testTimeout: 60_000 })

/** ms after which what does not come to rest is given up: all is in one agent's memory here. */
const patience = 100
/** ms for a case. */
const limit = 1_000

function stageOver(defect: Defect): { readonly stage: Stage; readonly self: Agent } {
  const stage = new Stage((): OpenPort => {
    const port = new DefectivePort(defect)
    return { bounded: port, strict: port }
  })
  return { stage, self: { kind: 'self', obey: stage.obey.bind(stage), kill() {} } }
}

/** Of all cases, or the one of a title. Each has a port of its own, which nothing was left in. */
async function failing(defect: Defect, title?: string): Promise<readonly string[]> {
  const outcomes: Outcome[] = []
  const wanted = (each: { readonly title: string }) => title === undefined || each.title === title
  for (const each of queueCases.filter(wanted)) {
    const crowd = new Crowd([stageOver(defect).self], patience)
    outcomes.push(...(await runCases([each], crowd, () => crowd.clear(), { limit })))
  }
  for (const each of turnCases.filter(wanted)) {
    const { stage, self } = stageOver(defect)
    const crowd = new Crowd([self], patience)
    outcomes.push(...(await runCases([each], { stage, crowd }, () => crowd.clear(), { limit })))
  }
  return outcomes.filter(({ error }) => error !== undefined).map(({ title }) => title)
}

it('passes a port that keeps its promises', async () => {
  expect(await failing('none')).toEqual([])
})

describe('a port that', () => {
  it.each<[defect: Defect, fails: string]>([
    ['lets everybody in', 'an exclusive lock is passed on in the order of asking'],
    ['lets everybody in', 'exclusive, while x1 is there: refused'],
    ['serves the last one first', 'all that asks is served in its order'],
    ['serves the last one first', 'an exclusive lock is passed on in the order of asking'],
    [
      'lets readers pass a waiting writer',
      'a waiting exclusive request holds back later shared ones',
    ],
    ['lets readers pass a waiting writer', 'shared, while s1 x2 is there: refused'],
    [
      'lets waiting readers in one by one',
      'of a waiting writer lets the readers behind it through',
    ],
    ['makes a try wait', 'a refused try leaves no trace in the queue'],
    [
      'forgets whoever waits when a lock is given back',
      'a shared request waits for an exclusive hold',
    ],
    ['grants what was withdrawn', 'at the middle of the queue takes out nobody else'],
    ['grants what was withdrawn', 'a withdrawn request hears nothing'],
    [
      'looks at no queue after a withdrawal',
      'of a waiting writer lets the readers behind it through',
    ],
    ['steals without a word', 'makes an exclusive holder lose the lock'],
    ['takes a second release for another one’s', 'a second release gives nothing away'],
    ['takes a second release for another one’s', 'the release of a lost hold gives nothing away'],
    ['keeps all names in one queue', 'names do not wait for each other'],
    ['lists what is over', 'query() leaves out what was ended in the same turn'],
  ])('%s fails: %s', async (defect, title) => {
    expect(await failing(defect, title)).toEqual([title])
  })

  it('excludes in one agent only fails between two', async () => {
    const [self, other] = [stageOver('none').self, stageOver('none').self]
    const crowd = new Crowd([self, other], patience)
    const mortal = () => Promise.reject(new Error('not in here'))
    const between: readonly Case<Pair>[] = agentCases.filter(({ group }) => group === 'two agents')
    const world = { crowd, self, other, mortal }
    const outcomes = await runCases(between, world, () => crowd.clear())
    const passed = outcomes.filter(({ error }) => error === undefined).map(({ title }) => title)
    expect(outcomes.length).toBeGreaterThan(5)
    expect(passed).toEqual([])
  })
})

describe('the runner', () => {
  const hangs = { group: 'a', title: 'hangs', run: () => new Promise<void>(() => {}) }
  const throws = { group: 'a', title: 'throws', run: () => Promise.reject(new Error('mine')) }
  const passes = { group: 'a', title: 'passes', run() {} }
  const clear = async () => {}

  it('ends what hangs, and goes on', async () => {
    const outcomes = await runCases([hangs, throws, passes], undefined, clear, { limit: 10 })
    expect(outcomes.map(({ error }) => error)).toEqual([
      'Error: the case: no end after 10 ms',
      'Error: mine',
      undefined,
    ])
  })

  it('fails a case that leaves something behind', async () => {
    const left = () => Promise.reject(new Error('left behind'))
    const [outcome] = await runCases([passes], undefined, left)
    expect(outcome?.error).toBe('Error: left behind')
  })

  it('runs what holds instead where the engine has the quirk', async () => {
    const quirk = 'withdrawal leaves the queue standing'
    const either = { ...throws, unless: { quirk, run() {} } } as const
    const run = (quirks: readonly (typeof quirk)[]) =>
      runCases([either], undefined, clear, { quirks })
    expect(await run([])).toMatchObject([{ error: 'Error: mine' }])
    const [outcome] = await run([quirk])
    expect([outcome?.title, outcome?.error]).toEqual([`throws (${quirk})`, undefined])
  })
})
