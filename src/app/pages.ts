/**
 * The pages there are, and the names of those that are planned. A page gets a link, a number
 * key and a route by being listed in `pages`; a planned one is only ever named.
 */

export type PageId = 'seven-seconds' | 'deadlocks' | 'contention' | 'tabs'

export interface Page {
  readonly id: PageId
  readonly name: string
  readonly group: 'Learn' | 'Measure' | 'Use'
  /** The number key that opens it. */
  readonly key: string
}

export const pages: readonly Page[] = [
  { id: 'seven-seconds', name: 'Seven seconds', group: 'Learn', key: '1' },
  { id: 'deadlocks', name: 'Deadlocks', group: 'Learn', key: '2' },
  { id: 'contention', name: 'Contention', group: 'Measure', key: '3' },
  { id: 'tabs', name: 'Tabs', group: 'Use', key: '4' },
]

export const home: PageId = 'seven-seconds'

export const planned = ['Casebook', 'Network', 'Choose a lock', 'API'] as const

export function pageOf(name: string): PageId | undefined {
  return pages.find((page) => page.id === name)?.id
}
