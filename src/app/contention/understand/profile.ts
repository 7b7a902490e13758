/** The profile of a run as rows, as a tree, and as a difference: pure. */

import { type ContentionRecord, diff, type Recording, top } from '../../../observe'
import type { Charged, TopBy, TopOrder } from '../slice'

export interface ProfileRow {
  readonly name: string
  readonly contentions: number
  /** ms */
  readonly delay: number
  readonly share: number
}

const collator = new Intl.Collator('en', { numeric: true })

export function rowsOf(
  recording: Recording,
  { by, charged, order }: { by: TopBy; charged: Charged; order: TopOrder },
): readonly ProfileRow[] {
  const rows = top(recording, { by, charged }).map(({ lock, site, contentions, delay, share }) => ({
    name: (by === 'lock' ? lock : site) ?? 'unknown',
    contentions,
    delay,
    share,
  }))
  switch (order) {
    case 'name':
      return rows.sort((one, other) => collator.compare(one.name, other.name))
    case 'contentions':
      return rows.sort((one, other) => other.contentions - one.contentions)
    case 'delay':
      return rows
  }
}

/** Delay by lock, and in each by who is charged with it. */
export interface ProfileTree {
  readonly name: string
  /** ms; of a branch all of it. */
  readonly delay: number
  readonly contentions: number
  readonly children: readonly ProfileTree[]
}

export function treeOf({ contention }: Recording, charged: Charged): ProfileTree {
  const locks = new Map<string, ContentionRecord[]>()
  for (const record of contention) {
    if (record.charged !== charged || record.delay === 0) continue
    locks.set(record.lock, [...(locks.get(record.lock) ?? []), record])
  }
  const children = [...locks].map(([name, records]) =>
    branch(
      name,
      records.map(({ site, mode, delay, contentions }) => ({
        name: site ?? (mode === 'shared' ? 'reads' : 'writes'),
        delay,
        contentions,
        children: [],
      })),
    ),
  )
  return branch('all waiting', children)
}

function branch(name: string, children: readonly ProfileTree[]): ProfileTree {
  const sum = (of: (child: ProfileTree) => number) =>
    children.reduce((all, child) => all + of(child), 0)
  return {
    name,
    delay: sum(({ delay }) => delay),
    contentions: sum(({ contentions }) => contentions),
    children: children.toSorted((one, other) => other.delay - one.delay),
  }
}

export interface ChangeRow {
  readonly name: string
  /** ms of waiting in each second of the run: runs may have lasted differently long. */
  readonly before: number
  readonly after: number
  readonly change: number
}

/** The greatest change first. */
export function changesOf(
  a: Recording,
  b: Recording,
  { by, charged }: { by: TopBy; charged: Charged },
): readonly ChangeRow[] {
  const { contention, duration } = diff(a, b)
  const sums = new Map<string, { before: number; after: number }>()
  for (const change of contention) {
    if (change.charged !== charged) continue
    const name = (by === 'lock' ? change.lock : change.site) ?? 'unknown'
    const { before, after } = sums.get(name) ?? { before: 0, after: 0 }
    sums.set(name, { before: before + change.before.delay, after: after + change.after.delay })
  }
  const perSecond = (ms: number, lasted: number) => (ms / Math.max(lasted, 1)) * 1000
  return [...sums]
    .map(([name, sum]) => {
      const before = perSecond(sum.before, duration.before)
      const after = perSecond(sum.after, duration.after)
      return { name, before, after, change: after - before }
    })
    .sort((one, other) => Math.abs(other.change) - Math.abs(one.change))
}
