/**
 * Fences: that they rise from hold to hold, whichever agent has it, and that whoever has lost the
 * lock gets none. Each asks for one thing at a time, so this holds behind a cohort as well.
 */

import { same } from '../check'
import type { Crowd } from '../crowd'
import type { Case } from '../suite'

export const fenceCases: readonly Case<Crowd>[] = [
  fence('rise from hold to hold, for each name', async (crowd) => {
    const names = [newName(), newName()]
    const minted: number[][] = [[], []]
    for (let i = 0; i < 6; i++) {
      for (const [at, name] of names.entries()) {
        const id = `x${at}${i}`
        same(await crowd.ask(id, { name }), 'held')
        minted[at]?.push((await crowd.mint(id)) ?? 0)
        await crowd.end(id)
      }
    }
    for (const fences of minted) same(rising(fences), [])
    same(minted.flat().every(Number.isSafeInteger), true)
    same(Math.min(...minted.flat()) > 0, true)
  }),
  fence('rise in the order of the queue', async (crowd) => {
    const name = newName()
    const ids = ['x1', 'x2', 'x3', 'x4']
    for (const id of ids) await crowd.ask(id, { name })
    const minted: number[] = []
    for (const _ of ids) {
      const [holder = ''] = crowd.held
      minted.push((await crowd.mint(holder)) ?? 0)
      await crowd.end(holder)
    }
    same(rising(minted), [])
  }),
  fence('rise within a hold', async (crowd) => {
    const name = newName()
    await crowd.ask('x1', { name })
    const minted = [await crowd.mint('x1'), await crowd.mint('x1')]
    same(rising(minted.map(Number)), [])
  }),
  fence('are above the floor, also later ones', async (crowd) => {
    const name = newName()
    await crowd.ask('x1', { name })
    const low = Number(await crowd.mint('x1'))
    const above = Number(await crowd.mint('x1', low + 1_000_000))
    same(above > low + 1_000_000, true)
    await crowd.end('x1')
    await crowd.ask('x2', { name })
    same(Number(await crowd.mint('x2')) > above, true)
  }),
  fence('none for whoever was stolen from before; higher ones for the thief', async (crowd) => {
    const name = newName()
    await crowd.ask('x1', { name })
    const before = Number(await crowd.mint('x1'))
    await crowd.ask('thief', { name, steal: true })
    same(await crowd.mint('x1'), null)
    same(Number(await crowd.mint('thief')) > before, true)
    same(await crowd.mint('x1'), null)
  }),
  fence('none for who waits, or has given the lock back', async (crowd) => {
    const name = newName()
    await crowd.ask('x1', { name })
    await crowd.ask('x2', { name })
    same(await crowd.mint('x2'), null)
    await crowd.end('x1')
    same(await crowd.mint('x1'), null)
    same(Number(await crowd.mint('x2')) > 0, true)
  }),
]

function fence(title: string, run: (crowd: Crowd) => Promise<void>): Case<Crowd> {
  return { group: 'fences', title, run }
}

/** Fences outlive the suite. */
function newName(): string {
  return `fenced ${crypto.randomUUID()}`
}

/** Those that are not greater than the one before. */
function rising(fences: readonly number[]): readonly number[] {
  return fences.filter((each, at) => at > 0 && each <= Number(fences[at - 1]))
}
