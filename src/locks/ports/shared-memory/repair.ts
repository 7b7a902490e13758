/**
 * Makes the table anew from what its nodes say, without the agents that are proven dead. Latch
 * only, taken or seized. Does no harm when nothing was wrong, when it is done again, and when it
 * ends halfway: `table.ts` says why.
 */

import { type Agents, slotOfWord } from './agents'
import { all } from './latch'
import {
  bit,
  everyCell,
  everyNode,
  header,
  isExclusive,
  kind,
  kindOf,
  name,
  node,
  slotOf,
  withKind,
} from './layout'
import type { Table } from './table'

/** @param dead agent words, proven dead. Their records are free afterwards. */
export function repair(table: Table, agents: Agents, dead: ReadonlySet<number>): void {
  const { words, queues } = table
  // Before nodes are looked at: what ends later is noted again.
  words.store(header.left, 0)
  const { holding, waiting, abandoned, used } = takeStock(table, agents, dead)

  const found = new Set<number>()
  for (const bucket of table.names.buckets()) words.write(bucket, 0)
  const begin = (at: number): number => {
    const queue = words.read(at + node.name)
    if (found.has(queue)) return queue
    found.add(queue)
    for (const link of [name.holders, name.first, name.last, name.abandoned]) {
      words.write(queue + link, 0)
    }
    table.names.link(queue)
    for (let part = queue; part !== 0; part = words.read(part + name.more)) used.add(part)
    return queue
  }
  for (const at of holding) queues.linkHolder(begin(at), at)
  waiting.sort((a, b) => (words.read(a + node.ticket) - words.read(b + node.ticket)) | 0)
  for (const at of waiting) queues.linkWaiter(begin(at), at)
  for (const at of abandoned) {
    if (knowsOfDeath(table, begin(at))) {
      words.store(at, 0)
      used.delete(at)
    } else {
      words.write(words.read(at + node.name) + name.abandoned, at)
    }
  }

  let free = 0
  for (const at of [...everyCell(table.layout)].reverse()) {
    if (used.has(at)) continue
    table.cells.link(at, free)
    free = at
  }
  words.write(header.free, free)

  for (const queue of found) queues.advance(queue)
  // Whoever died may have died before waking somebody, also as he left the latch.
  words.notify(header.latch, all)
  for (const at of holding) words.notify(at, all)
  for (const agent of agents.all()) {
    if (agent !== table.own) table.mail.tellAgain(slotOfWord(agent))
  }
  // This agent, too, may have mail that nobody woke it for: it would be written no more.
  table.mail.take()
  table.mail.due.push(everyNode)
  for (const agent of dead) agents.remove(agent)
}

interface Stock {
  readonly holding: number[]
  readonly waiting: number[]
  readonly abandoned: number[]
  /** Nodes of whatever kind. */
  readonly used: Set<number>
}

/** What each node is, once the dead and the ended are gone. */
function takeStock(table: Table, agents: Agents, dead: ReadonlySet<number>): Stock {
  const { words } = table
  const stock: Stock = { holding: [], waiting: [], abandoned: [], used: new Set() }
  const isDead = (slot: number): boolean => {
    const word = agents.live(slot)
    return word === 0 || dead.has(word)
  }
  for (const at of everyCell(table.layout)) {
    const state = takenBack(table, at)
    const before = kindOf(state)
    if (before === kind.none) continue
    const now = isOver(state, isDead) ? leaves(state) : before
    if (now !== before) words.store(at, now === kind.none ? 0 : withKind(state, now))
    if (now === kind.held) stock.holding.push(at)
    if (now === kind.waiting) stock.waiting.push(at)
    if (now === kind.abandoned) stock.abandoned.push(at)
    if (now !== kind.none) stock.used.add(at)
  }
  return stock
}

/** What is only kept is taken back, if its agent does not take it again. @returns the state then */
function takenBack({ words }: Table, at: number): number {
  for (;;) {
    const state = words.load(at)
    if (kindOf(state) !== kind.kept) return state
    if (words.compareExchange(at, state, 0) === state) return 0
  }
}

function isOver(state: number, isDead: (slot: number) => boolean): boolean {
  switch (kindOf(state)) {
    case kind.ended:
    case kind.spent:
      return true
    case kind.abandoned:
      return false
    default:
      return isDead(slotOf(state))
  }
}

/** What becomes of a node that is over: the next holder may have to be told of a death. */
function leaves(state: number): number {
  const untold = kindOf(state) === kind.ended && (state & bit.abandoned) !== 0
  const died = kindOf(state) === kind.held
  return isExclusive(state) && (untold || died) ? kind.abandoned : kind.none
}

/** Whether somebody else already stands for the death, or was told of it to put things right. */
function knowsOfDeath({ words }: Table, queue: number): boolean {
  if (words.read(queue + name.abandoned) !== 0) return true
  const holder = words.read(queue + name.holders)
  if (holder === 0) return false
  const state = words.load(holder)
  return isExclusive(state) && (state & bit.abandoned) !== 0
}
