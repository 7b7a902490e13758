/** Newcomers that die, or are overtaken, before any of the steps of their registration. */

import { expect, test } from 'vitest'
import { Agents, slotOfWord } from './agents'
import { createLockMemory } from './create-lock-memory'
import { readLayout } from './layout'
import { AtomicWords } from './words'

class Death extends Error {}

/** Calls `before` once, before the operation of this number. */
class Interrupted extends AtomicWords {
  steps = 0

  constructor(
    buffer: SharedArrayBuffer,
    readonly at: number,
    readonly before: () => void,
  ) {
    super(buffer)
  }

  override load(index: number): number {
    this.#step()
    return super.load(index)
  }
  override compareExchange(index: number, expected: number, replacement: number): number {
    this.#step()
    return super.compareExchange(index, expected, replacement)
  }
  override add(index: number, value: number): number {
    this.#step()
    return super.add(index, value)
  }

  #step(): void {
    if (this.steps++ === this.at) this.before()
  }
}

function idOf(number: number): string {
  return (number + 0x1000).toString(16).padStart(8, '0').repeat(2)
}

function open(words: AtomicWords): Agents {
  return new Agents(words, readLayout(new AtomicWords(words.buffer)))
}

test('one that dies on the way takes no room for good', () => {
  let steps = 0
  for (let done = false; !done; steps++) {
    const memory = createLockMemory({ bytes: 2 ** 15 })
    const dies = () => {
      throw new Death()
    }
    const newcomer = open(new Interrupted(memory, steps, dies))
    try {
      newcomer.register(idOf(0))
      done = true
    } catch (error) {
      if (!(error instanceof Death)) throw error
    }
    const agents = open(new AtomicWords(memory))
    // It may have died after it became live: then it can be proven dead by its id.
    const came = [...agents.all()]
    for (const word of came) expect(agents.id(slotOfWord(word))).toBe(idOf(0))
    const others = Array.from({ length: 16 - came.length }, (_, i) => agents.register(idOf(i + 1)))
    expect(new Set([...came, ...others]).size).toBe(16)
    expect(others).not.toContain(0)
    expect(agents.register(idOf(99))).toBe(0)
  }
  expect(steps).toBeGreaterThan(6)
})

test('one that is overtaken on the way finds out, and harms nobody', () => {
  let overtaken = 0
  for (let step = 0, done = false; !done; step++) {
    const memory = createLockMemory({ bytes: 2 ** 15 })
    const agents = open(new AtomicWords(memory))
    for (let i = 1; i < 16; i++) agents.register(idOf(i))
    let second = 0
    const words = new Interrupted(memory, step, () => {
      second = agents.register(idOf(99))
    })
    const first = open(words).register(idOf(0))
    done = words.steps <= step
    // There is room for one of the two.
    expect(Number(first !== 0) + Number(second !== 0)).toBe(1)
    const last = [...agents.all()].find((word) => word === first || word === second) ?? 0
    expect(agents.id(slotOfWord(last))).toBe(first === 0 ? idOf(99) : idOf(0))
    expect([...agents.all()]).toHaveLength(16)
    if (first === 0) overtaken++
  }
  expect(overtaken).toBeGreaterThan(4)
})

test('a slot that is used again has another agent word', () => {
  const agents = open(new AtomicWords(createLockMemory({ bytes: 2 ** 15 })))
  const words = new Set<number>()
  for (let i = 0; i < 100; i++) {
    const word = agents.register(idOf(i))
    words.add(word)
    expect(slotOfWord(word)).toBe(1)
    expect(agents.isLive(word)).toBe(true)
    agents.remove(word)
    expect(agents.isLive(word)).toBe(false)
    // Removed again, by somebody who is late, it does nothing to the next one.
    const next = agents.register(idOf(i + 1000))
    agents.remove(word)
    expect(agents.isLive(next)).toBe(true)
    agents.remove(next)
  }
  expect(words.size).toBe(100)
})
