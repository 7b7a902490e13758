/**
 * The verdict over a witness's log: which holds of one lock were there at once though neither was
 * lost, and which updates were lost though nobody who wrote had been told that he lost the lock.
 * That an agent was killed excuses what came to pass while it was inside, but not one step that it
 * takes after the next one was let in.
 */

import { agentOf, type Entry } from './log'

export interface Verdict {
  readonly violations: readonly string[]
  readonly lostUpdates: readonly string[]
  /** What looked like either, and had its reason: a death, a theft, a loss that was told. */
  readonly excused: number
}

/**
 * @param onTheWay how many steps of a dead agent may arrive after the next one was let in: none
 *   where the witness is memory, one where it is asked over a wire, for an agent asks one thing at
 *   a time and may die while its question is on the way
 */
export function judge(entries: readonly Entry[], onTheWay: 0 | 1): Verdict {
  const of = (kind: Entry['kind']) => entries.filter((entry) => entry.kind === kind)
  const lost = new Set(of('lost').map(({ hold }) => hold))
  const thieves = new Set(of('thief').map(({ hold }) => hold))
  const robbed = of('overlap').filter(({ other }) => thieves.has(other))
  // Who was robbed may have let go before it could be told.
  for (const { hold } of robbed) lost.add(hold)
  const killed = new Set<number>()
  const lastWords = new Set<number>()
  const isLastWord = (hold: number) => {
    if (onTheWay === 0 || !killed.has(agentOf(hold)) || lastWords.has(hold)) return false
    lastWords.add(hold)
    return true
  }
  const violations: string[] = []
  const lostUpdates: string[] = []
  let excused = 0
  for (const { kind, lane, hold, other } of entries) {
    const wasTold = lost.has(hold) || lost.has(other)
    switch (kind) {
      case 'killed':
        killed.add(agentOf(hold))
        break
      case 'overlap':
        if (wasTold || killed.has(agentOf(hold)) || isLastWord(other)) excused++
        else violations.push(`lane ${lane}: ${name(other)} entered beside ${name(hold)}`)
        break
      case 'ousted':
        if (wasTold || lastWords.has(other) || isLastWord(hold)) excused++
        else violations.push(`lane ${lane}: ${name(hold)} went on beside ${name(other)}`)
        break
      case 'conflict':
        if (wasTold || lastWords.has(hold) || lastWords.has(other)) excused++
        else lostUpdates.push(`lane ${lane}: ${name(hold)} wrote over ${name(other)}`)
    }
  }
  return { violations, lostUpdates, excused }
}

function name(hold: number): string {
  return hold === 0 ? 'nobody' : `agent ${agentOf(hold)}'s hold ${hold & 0xfffff}`
}
