/**
 * How long a lock takes from the one who gives it back to the next one. Two agents (tabs or
 * workers) take turns as giver and taker, told by messages; the giver lets the taker wait a
 * little, so that the lock is what wakes it.
 *
 * Their clocks differ by a constant, which adds to one direction what it takes from the other: the
 * mean of both directions is free of it.
 */

import type { Locks } from '../../src/locks'
import { oneTransaction } from './bare-database'
import { type Contender, lockOf } from './contenders'
import { now, shortSleep } from './time'

export interface HandoffOrder {
  /** `bare message`: one transaction, then a message of a BroadcastChannel. */
  readonly contender: Contender | 'bare message'
  readonly name: string
  /** Which of the two this one is; 0 gives first. */
  readonly me: 0 | 1
  readonly rounds: number
  /** How long the taker waits before the giver gives, at least, in ms. */
  readonly pause: number
}

interface Note {
  readonly type: 'held' | 'asked' | 'given' | 'taken'
  readonly round: number
  readonly at: number
}

/** Before the first round. */
const greeting = -1

/** @returns what this one measured as giver, in ms, off by the difference of the clocks */
export async function handoff(order: HandoffOrder, from?: Locks): Promise<readonly number[]> {
  const { contender, name, me, rounds, pause } = order
  const wire = new Wire(`bench, handoff, ${name}`)
  const waits: number[] = []
  try {
    await wire.meet(me)
    for (let round = 0; round < rounds; round++) {
      const gives = round % 2 === me
      if (contender === 'bare message') {
        if (gives) waits.push(await giveMessage(wire, round, pause, name))
        else await takeMessage(wire, round)
        continue
      }
      const { run } = lockOf(contender, name, from)
      if (gives) waits.push(await giveLock(wire, round, pause, run))
      else await takeLock(wire, round, run)
    }
  } finally {
    wire.close()
  }
  return waits
}

type Run = (section: () => Promise<void>) => Promise<void>

async function giveLock(wire: Wire, round: number, pause: number, run: Run): Promise<number> {
  // Who has just taken the lock and wants it again at once would be expected to do so again.
  await shortSleep(pause)
  let given = 0
  await run(async () => {
    wire.post('held', round)
    await wire.hear('asked', round)
    await shortSleep(pause * (1 + Math.random()))
    given = now()
  })
  return (await wire.hear('taken', round)).at - given
}

async function takeLock(wire: Wire, round: number, run: Run): Promise<void> {
  await wire.hear('held', round)
  let taken = 0
  const done = run(async () => {
    taken = now()
  })
  wire.post('asked', round)
  await done
  wire.post('taken', round, taken)
}

async function giveMessage(
  wire: Wire,
  round: number,
  pause: number,
  name: string,
): Promise<number> {
  await wire.hear('asked', round)
  await shortSleep(pause * (1 + Math.random()))
  const given = now()
  await oneTransaction(name)
  wire.post('given', round)
  return (await wire.hear('taken', round)).at - given
}

async function takeMessage(wire: Wire, round: number): Promise<void> {
  wire.post('asked', round)
  const { heard } = await wire.hear('given', round)
  wire.post('taken', round, heard)
}

/** Between the two: nothing is lost that comes before it is waited for. */
class Wire {
  readonly #channel: BroadcastChannel
  readonly #notes = new Map<string, Note & { readonly heard: number }>()
  #wake = () => {}

  constructor(name: string) {
    this.#channel = new BroadcastChannel(name)
    this.#channel.onmessage = ({ data }: MessageEvent<Note>) => {
      this.#notes.set(keyOf(data), { ...data, heard: now() })
      if (data.type === 'asked' && data.round === greeting) this.post('taken', greeting)
      this.#wake()
    }
  }

  post(type: Note['type'], round: number, at = now()): void {
    this.#channel.postMessage({ type, round, at } satisfies Note)
  }

  async hear(type: Note['type'], round: number): Promise<Note & { readonly heard: number }> {
    const key = keyOf({ type, round })
    for (;;) {
      const note = this.#notes.get(key)
      if (note !== undefined) {
        this.#notes.delete(key)
        return note
      }
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
  }

  /** A channel hears nothing from before it was opened: the first one asks until it is answered. */
  async meet(me: 0 | 1): Promise<void> {
    if (me === 1) {
      await this.hear('asked', greeting)
      return
    }
    let met = false
    const answered = this.hear('taken', greeting).then(() => {
      met = true
    })
    while (!met) {
      this.post('asked', greeting)
      await Promise.race([answered, shortSleep(1)])
    }
  }

  close(): void {
    this.#channel.close()
  }
}

function keyOf({ type, round }: Pick<Note, 'type' | 'round'>): string {
  return `${type} ${round}`
}
