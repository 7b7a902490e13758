/**
 * What stands where in a lock memory, and what the bits of a node's state mean. Both sides of the
 * header check, and everybody who reads or writes a word, go by this table.
 *
 * All offsets and widths are in words of 32 bits. "Latch" means: by whoever owns the table's latch.
 * `write` is plain, all else is atomic.
 *
 * | part | offset | width | meaning | who writes it, and how |
 * | --- | --- | --- | --- | --- |
 * | header | 0 | 1 | magic: `LKEY` | the creator, once, last: `store` |
 * | | 1 | 1 | version of this layout | the creator, once |
 * | | 2 | 1 | length of the memory | the creator, once |
 * | | 3 | 2 | id of the memory: 64 random bits | the creator, once |
 * | | 5 | 1 | how many agent records | the creator, once |
 * | | 6 | 1 | how many buckets: a power of two | the creator, once |
 * | | 16 | 1 | latch: 0, or the owner's agent word, and whether others sleep or left something | anybody: `compareExchange` to take, seize or mark it, `exchange` to leave it |
 * | | 32 | 1 | left: a node that ended without the latch; -1: look at all | anybody: `compareExchange`, `store`; Latch: `exchange`, `store` |
 * | | 33 | 1 | first free cell | Latch: `write` |
 * | | 34 | 1 | last ticket | Latch: `write` |
 * | | 35 | 1 | watcher: its agent word, or 0 | an agent for itself or its successor: `compareExchange` |
 * | | 36, 37 | 1 each | the last fence, of all names: its upper and its lower 32 bits | Latch: `store`, the upper first if it rises |
 * | | 38 | 1 | how many agents have come so far | a newcomer, once it is live: `add` |
 * | agents | 64 | 16 each | one record for each attached agent | see below |
 * | buckets | after them | 1 each | first name whose hash ends so | Latch: `write` |
 * | cells | after them | 16 each | nodes, names, text | see below |
 *
 * An agent record: a slot is 1 for the first record, and so on.
 *
 * | offset | meaning | who writes it, and how |
 * | --- | --- | --- |
 * | 0 | state: free, claimed or live, and above that how often the record was claimed | a newcomer: `compareExchange`; the agent when it leaves, or who buries it (Latch): `compareExchange` |
 * | 1, 2 | its presence id | a newcomer: `compareExchange` |
 * | 3 | mail: a node of the agent that was granted or lost; -1: look at all of them | Latch: `compareExchange`; anybody, to say -1: `store`; the agent: `exchange` |
 * | 4 | flags: polls (has no `waitAsync`), blocks (waits with its thread), detects (ends such a wait that is part of a deadlock) | the agent: `store` |
 *
 * A cell that is a node, one request:
 *
 * | offset | meaning | who writes it, and how |
 * | --- | --- | --- |
 * | 0 | state: kind, mode, flags, slot of its agent; 0: no node | Latch: `store` (last of all when it begins, first of all when it ends) and `compareExchange`; its agent: `compareExchange` to *ended* or *spent*, and between *held* and *kept* |
 * | 1 | ticket: its place in the order of waiting | Latch: `write`, before the state |
 * | 2 | the name's cell | Latch: `write`, before the state |
 * | 3, 4 | node before and after it among holders or waiters | Latch: `write` |
 * | 15 | next free cell | Latch: `write` |
 *
 * A cell that is a name, with the queue of its lock:
 *
 * | offset | meaning | who writes it, and how |
 * | --- | --- | --- |
 * | 0 | 0: no node | |
 * | 1, 2 | hash; length in UTF-16 units | Latch: `write`, before the first node's state |
 * | 3 | next name of the bucket | Latch: `write` |
 * | 4 | holders: the last one granted | Latch: `write` |
 * | 5, 6 | waiters: the first and the last one | Latch: `write` |
 * | 7 | the node of a holder that died, if nobody was told yet | Latch: `write` |
 * | 8 | cell with the text's next part | Latch: `write`, before the first node's state |
 * | 9–14 | text: two UTF-16 units a word | Latch: `write`, before the first node's state |
 * | 15 | next free cell | Latch: `write` |
 *
 * A cell that is more text: 0 (no node), next part in 8, text in 1–7 and 9–14, next free in 15.
 *
 * Only states, tickets and names of nodes and the text of names are facts. All else (links, queues,
 * buckets, free cells) follows from them, and `repair.ts` makes it anew.
 */

import type { Words } from './words'

export const magic = 0x4c4b4559
export const version = 2

export const header = {
  magic: 0,
  version: 1,
  length: 2,
  idHigh: 3,
  idLow: 4,
  agents: 5,
  buckets: 6,
  latch: 16,
  left: 32,
  free: 33,
  ticket: 34,
  watcher: 35,
  fenceHigh: 36,
  fenceLow: 37,
  arrivals: 38,
  width: 64,
} as const

export const agent = { width: 16, state: 0, idHigh: 1, idLow: 2, mail: 3, flags: 4 } as const

/** In an agent's state, below the count of claims. */
export const agentState = { free: 0, claimed: 1, live: 2, mask: 3, claims: 2 } as const

export const agentFlag = { polls: 1, blocks: 2, detects: 4 } as const

export const cell = { width: 16, free: 15 } as const

export const node = { state: 0, ticket: 1, name: 2, before: 3, after: 4 } as const

export const name = {
  hash: 1,
  length: 2,
  next: 3,
  holders: 4,
  first: 5,
  last: 6,
  abandoned: 7,
  more: 8,
  text: 9,
} as const

/** Words of text in a name's own cell, and in each further one. */
export const textInName = 6
export const textInCell = 13

/** Where the text of a further cell stands: on both sides of the link to the next part. */
export function textAt(part: number): number {
  return part < 7 ? 1 + part : 2 + part
}

/** Instead of one node: look at all of them. */
export const everyNode = -1

/** What a node is. */
export const kind = {
  none: 0,
  waiting: 1,
  held: 2,
  /** Taken away by a thief: in no list, until its agent has heard of it. */
  lost: 3,
  /** Given back or withdrawn by its agent, and still in its list. */
  ended: 4,
  /** Its loss was heard of: in no list, and to be freed. */
  spent: 5,
  /** Its agent died holding it: kept until somebody is told. */
  abandoned: 6,
  /** Nobody holds it: its agent gave it back, and may take it again as long as nobody else comes. */
  kept: 7,
  mask: 7,
} as const

/** The other bits of a node's state. Its agent's slot stands among them. */
export const bit = {
  exclusive: 8,
  /** Held: its holder is told that the last one died. Ended: he was not, so the next one must be. */
  abandoned: 16,
  /** Its agent blocks its thread on this very word. */
  blocking: 32,
  /** Held: somebody waits for it, so it is given back under the latch. */
  wanted: 1 << 16,
} as const
export const slotShift = 6
export const slotMask = 0x3ff

/** A slot, and how often it was claimed: names an agent once, as long as anybody may remember it. */
export const agentWordShift = 10
export const claimsMask = 0x3ffff
/** In the latch: somebody sleeps until it is free. */
export const sleepers = 1 << 28
/** In the latch: something was left to whoever owns it. */
export const leftovers = 1 << 29
/** Here, so that bundlers see that it is a constant. */
export const latchMarks = sleepers | leftovers

export const kindOf = (state: number): number => state & kind.mask
export const slotOf = (state: number): number => (state >>> slotShift) & slotMask
export const isExclusive = (state: number): boolean => (state & bit.exclusive) !== 0
export const withKind = (state: number, wanted: number): number => (state & ~kind.mask) | wanted

/** Where the parts of a memory of this size begin. */
export interface Layout {
  readonly agents: number
  readonly buckets: number
  readonly firstBucket: number
  readonly firstCell: number
  readonly cells: number
}

/** The smallest memory, in words: 16 agents and a few hundred cells. */
export const leastLength = 2 ** 13

/** An agent for each 4,096 words, a bucket for about four cells. @param length in words */
export function planLayout(length: number): Layout {
  const agents = Math.min(slotMask, Math.max(16, length >>> 12))
  const buckets = 2 ** Math.floor(Math.log2(length / 64))
  return layoutOf(length, agents, buckets)
}

export function readLayout(words: Words): Layout {
  return layoutOf(words.length, words.load(header.agents), words.load(header.buckets))
}

function layoutOf(length: number, agents: number, buckets: number): Layout {
  const firstBucket = header.width + agents * agent.width
  const firstCell = Math.ceil((firstBucket + buckets) / cell.width) * cell.width
  const cells = Math.floor((length - firstCell) / cell.width)
  return { agents, buckets, firstBucket, firstCell, cells }
}

/** Every cell, used or not. */
export function* everyCell({ firstCell, cells }: Layout): Generator<number> {
  for (let i = 0; i < cells; i++) yield firstCell + i * cell.width
}

/** The record of a slot. */
export const agentAt = (slot: number): number => header.width + (slot - 1) * agent.width
