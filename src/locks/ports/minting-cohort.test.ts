/** How often a cohort goes far for fences, and what becomes of those on their way. */

import { beforeEach, expect, test } from 'vitest'
import { Probe } from '../testing/probe'
import { ScriptedPort } from '../testing/scripted-port'
import { testCohort } from '../testing/test-ports'
import { VirtualClock } from '../testing/virtual-clock'
import { block, type MintingCohortPort } from './minting-cohort'
import type { PortRequest } from './port'

/** Far fences come when the test says so. */
class MintingPort extends ScriptedPort {
  minted = 0
  last = 0
  readonly #answers: ((first: number | undefined) => void)[] = []
  readonly #failures: ((error: unknown) => void)[] = []

  mint(_request: PortRequest, count: number, floor: number): Promise<number | undefined> {
    this.minted++
    const first = Math.max(this.last, floor) + 1
    this.last = first + count - 1
    return new Promise((answer, fail) => {
      this.#answers.push((lost) => answer(lost === undefined ? undefined : first))
      this.#failures.push(fail)
    })
  }

  answer(isHeld = true): void {
    this.#failures.shift()
    this.#answers.shift()?.(isHeld ? 0 : undefined)
  }

  failMint(error: unknown): void {
    this.#answers.shift()
    this.#failures.shift()?.(error)
  }
}

let clock: VirtualClock
let far: MintingPort
let port: MintingCohortPort

beforeEach(() => {
  clock = new VirtualClock()
  far = new MintingPort(clock)
  far.answers = 'granted'
  port = testCohort(far, clock)
})

function ask(id: string): Probe {
  const probe = new Probe(port, id, {})
  probe.ask()
  return probe
}

const mint = (probe: Probe, floor = 0) => port.mint(probe, 1, floor)
const grants = () => far.look().filter((line) => line.startsWith('ask')).length

test('goes far once for each far hold: afterwards numbers come at once', async () => {
  const fences: unknown[] = []
  let [grantsSoFar, fenced] = [0, 0]
  for (let round = 0; round < 4; round++) {
    for (let i = 0; i < 100; i++) {
      const hold = ask(`x${i}`)
      const minted = mint(hold)
      if (minted instanceof Promise) far.answer()
      fences.push(await minted)
      hold.release()
      fenced++
    }
    grantsSoFar += grants()
    expect(far.minted).toBe(grantsSoFar)
    // Others would have their turn.
    clock.advance(10)
    await clock.settle()
  }
  // The first ones are not expected to return.
  expect([grantsSoFar < fenced / 4, fenced]).toEqual([true, 400])
  const numbers = fences.map(Number)
  expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b))
  expect(numbers[0]).toBe(1)
})

test('those who come while the first are on their way share them', async () => {
  const first = ask('x1')
  const second = ask('x2')
  const early = mint(first)
  first.release()
  const late = mint(second)
  far.answer()
  expect([await early, await late, far.minted]).toEqual([undefined, 1, 1])
  expect(mint(second)).toBe(2)
})

test('a floor above what is left takes one more journey', async () => {
  const hold = ask('x1')
  const first = mint(hold)
  far.answer()
  expect(await first).toBe(1)
  expect(mint(hold, 10)).toBe(11)
  const above = mint(hold, 1_000_000)
  far.answer()
  expect([await above, mint(hold)]).toEqual([1_000_001, 1_000_002])
  expect(far.minted).toBe(2)
})

test('a far hold that is over, though nobody was told yet, has none for anybody', async () => {
  const [first, second] = [ask('x1'), ask('x2')]
  const none = mint(first)
  far.answer(false)
  expect(await none).toBe(undefined)
  first.release()
  expect([second.state, mint(second)]).toEqual(['held', undefined])
  far.lose('stolen')
  expect(second.state).toBe('lost')
})

test('what fails is tried again for the next one', async () => {
  const hold = ask('x1')
  const failing = mint(hold)
  far.failMint(new Error('no storage'))
  await expect(failing).rejects.toThrow('no storage')
  const again = mint(hold)
  far.answer()
  expect(await again).toBe(block + 1)
})

test('a thief mints far, for himself alone', async () => {
  const thief = new Probe(port, 'thief', { steal: true })
  thief.ask()
  const minted = mint(thief)
  far.answer()
  expect([await minted, far.last]).toEqual([1, 1])
})

test('the budget begins again once the first fences have come, and only then', async () => {
  const [first, second, third] = [ask('x1'), ask('x2'), ask('x3')]
  const early = mint(first)
  // Storage takes longer than the whole budget.
  clock.advance(50)
  far.answer()
  await early
  // Who goes far from here on waits there.
  far.answers = 'waiting'
  first.release()
  expect(second.state).toBe('held')
  const more = mint(second, 10_000_000)
  clock.advance(50)
  far.answer()
  await more
  second.release()
  expect(third.state).toBe('waiting')
})

test('slow storage does not look like slow work: a loop still keeps its far hold', async () => {
  for (let i = 0; i < 2000; i++) {
    const hold = ask(`x${i}`)
    const minted = mint(hold)
    if (minted instanceof Promise) {
      clock.advance(20)
      await clock.settle()
      far.answer()
    }
    await minted
    clock.advance(0.05)
    hold.release()
  }
  // 100 ms of work, of which a budget takes 5.
  expect(grants()).toBeLessThan(60)
})
