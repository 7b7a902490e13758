/**
 * The scenarios that come with the page, each made to answer one question. Requests of
 * different threads never fall on one instant where their order would decide anything, so
 * that a run on real workers has one right answer.
 */

import type { PolicyId, Scenario } from './scenario'
import { parseScenario } from './text'

export interface CatalogueEntry {
  readonly id: string
  /** The question it answers, as the page's title. */
  readonly question: string
  /** What to look for, in a sentence or two. */
  readonly about: string
  /** The policy under which it shows. */
  readonly policy: PolicyId
  readonly scenario: Scenario
}

function entry(
  id: string,
  policy: PolicyId,
  question: string,
  about: string,
  text: string,
): CatalogueEntry {
  const result = parseScenario(text)
  if (result.kind === 'broken') throw new Error(`${id}: ${result.errors[0]?.message}`)
  return { id, question, about, policy, scenario: result.scenario }
}

export const sevenSeconds: CatalogueEntry = entry(
  'seven-seconds',
  'go',
  'Why can’t Reader 2 read while Reader 1 is reading?',
  'A writer that waits closes the door behind it: readers who come later queue up, so the writer cannot starve.',
  `# Seven seconds
Reader 1: read at 1s for 3s, read at 6s for 1s
Writer 1: write at 2s for 1s
Reader 2: read at 3s for 2s`,
)

/** The first is the default. */
export const catalogue: readonly CatalogueEntry[] = [
  sevenSeconds,
  entry(
    'reader-stream',
    'readers-first',
    'Can a writer wait for ever when readers keep coming?',
    'Under readers first the overlapping readers never leave the room empty, so the writer starves until the last of them has gone. Every other policy lets it in after the readers that were there before it.',
    `# A stream of readers
Reader 1: read at 0s for 2s, read at 3s for 2s, read at 6s for 2s
Reader 2: read at 1.5s for 2s, read at 4.5s for 2s, read at 7.5s for 1s
Writer 1: write at 1s for 500ms`,
  ),
  entry(
    'writer-stream',
    'writers-first',
    'Can a reader wait for ever when writers keep coming?',
    'Under writers first the next writer is always served before any reader. Go and Web Locks let the reader in after the writer that was there before it.',
    `# A stream of writers
Writer 1: write at 0s for 1.5s, write at 2.5s for 1.5s
Writer 2: write at 1s for 1.5s, write at 4s for 1.5s
Reader 1: read at 500ms for 1s`,
  ),
  entry(
    'phase-fair',
    'go',
    'Whose turn is it after a writer: the next writer’s or the readers’?',
    'Go takes turns: one writer, then every reader that waits, then one writer. Writer 2 asked before both late readers and still goes after them, where a plain queue would keep the order of arrival.',
    `# Taking turns
Reader 1: read at 0s for 2s
Writer 1: write at 500ms for 1s
Writer 2: write at 1s for 1s
Reader 2: read at 1.5s for 1.5s
Reader 3: read at 1.8s for 1s`,
  ),
  entry(
    'arrival-order',
    'web-locks',
    'Do readers who wait together also read together?',
    'In a plain queue only neighbours are let in together: the writer between the two readers keeps them apart. Go lets both in at once, and the second writer waits for both.',
    `# Neighbours in the queue
Writer 1: write at 0s for 2s
Reader 1: read at 500ms for 2s
Writer 2: write at 1s for 1s
Reader 2: read at 1.5s for 2s`,
  ),
  entry(
    'readers-share',
    'go',
    'How many can read at once?',
    'Without a writer nobody waits: four readers overlap as they please. A writer needs the lock alone.',
    `# Many readers
Reader 1: read at 500ms for 3s
Reader 2: read at 1s for 3s
Reader 3: read at 1.5s for 3s
Reader 4: read at 2s for 3s
Writer 1: write at 5.5s for 1s`,
  ),
]
