/**
 * What may stand where the cursor is: pure, and from the words themselves, because a text that
 * is being typed is seldom valid.
 */

export interface Completions {
  /** Where in the text the completed word begins. */
  readonly from: number
  readonly options: readonly string[]
}

const releases = ['unlock', 'unread', 'unwrite']
const statements = [
  'lock',
  'unlock',
  'read',
  'unread',
  'write',
  'unwrite',
  'all',
  'defer',
  'throw',
  'sleep',
]
const heads = ['title', 'policy', 'var', 'thread']
const ofMutex = ['lock', 'unlock', 'all']
const ofReaderWriter = ['read', 'unread', 'write', 'unwrite']

export function completionsAt(text: string, at: number): Completions | undefined {
  const line = text.slice(text.lastIndexOf('\n', at - 1) + 1, at)
  if (line.includes('#')) return undefined
  const word = /\w*$/.exec(line)?.[0] ?? ''
  const before = line
    .slice(0, line.length - word.length)
    .trim()
    .toLowerCase()
    .split(/\s+/)
  const options = wordsAfter(before, text).filter((each) => each !== word)
  return options.length === 0 ? undefined : { from: at - word.length, options }
}

function wordsAfter(before: readonly string[], text: string): readonly string[] {
  const [first = '', second] = before
  const last = before.at(-1) ?? ''
  if (first === '') return /^\s*thread\b/m.test(text) ? [...statements, 'thread'] : heads
  if (first === 'defer' && second === undefined) return releases
  if (first === 'policy') return second === undefined ? ['go', 'fifo'] : []
  if (last === '=') return [...variablesOf(text)]
  if (first === 'all')
    return [...locksOf(text, ofMutex)].filter((name) => !before.includes(name.toLowerCase()))
  const named = first === 'defer' ? second : first
  if (before.length > (first === 'defer' ? 2 : 1)) return []
  if (ofMutex.includes(named ?? '')) {
    return [...locksOf(text, ofMutex), ...(named === 'unlock' ? ['all'] : [])]
  }
  return ofReaderWriter.includes(named ?? '') ? [...locksOf(text, ofReaderWriter)] : []
}

function locksOf(text: string, keywords: readonly string[]): ReadonlySet<string> {
  const asked = new RegExp(
    `^\\s*(?:defer\\s+)?(?:${keywords.join('|')})((?:[ \\t]+[A-Za-z_]\\w*)+)`,
    'gim',
  )
  const names = [...text.matchAll(asked)].flatMap(([, words = '']) => words.trim().split(/\s+/))
  return new Set(names.filter((name) => name !== 'all'))
}

function variablesOf(text: string): ReadonlySet<string> {
  return new Set([...text.matchAll(/^\s*var\s+([A-Za-z_]\w*)/gim)].map(([, name = '']) => name))
}
