/** What a memory is used for: nothing may be left when nobody holds or waits. */

import { Agents } from './agents'
import { Cells } from './cells'
import { everyCell, header, kind, kindOf, readLayout } from './layout'
import { Names } from './names'
import type { Words } from './words'

export interface Usage {
  readonly agents: number
  readonly cells: number
  readonly free: number
  readonly names: readonly string[]
  readonly holding: number
  readonly waiting: number
  /** Lost or ended, and not freed yet. */
  readonly ending: number
  /** Kept for the next holder to be told of a death. */
  readonly abandoned: number
  /** The agent word of who owns the latch, or 0. */
  readonly latch: number
}

/** Reads without the latch: exact only while nobody writes. */
export function usageOf(words: Words): Usage {
  const layout = readLayout(words)
  const cells = new Cells(words)
  const kinds = new Array<number>(kind.mask + 1).fill(0)
  for (const at of everyCell(layout)) {
    const found = kindOf(words.load(at))
    kinds[found] = (kinds[found] ?? 0) + 1
  }
  const count = (of: number) => kinds[of] ?? 0
  const names = new Names(words, cells, layout)
  return {
    agents: [...new Agents(words, layout).all()].length,
    cells: layout.cells,
    free: cells.count(),
    names: [...names.all()].map((at) => names.text(at)),
    holding: count(kind.held),
    waiting: count(kind.waiting),
    ending: count(kind.ended) + count(kind.spent) + count(kind.lost),
    abandoned: count(kind.abandoned),
    latch: words.load(header.latch),
  }
}
