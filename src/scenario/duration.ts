/** Durations as people write them, `500ms` or `1.5s`, to and from whole milliseconds, exactly. */

export type DurationResult =
  | { readonly kind: 'ok'; readonly ms: number }
  | { readonly kind: 'broken'; readonly why: string }

const form = /^(\d+)(?:\.(\d+))?(ms|s)$/i
const bare = /^\d+(?:\.\d+)?$/

/** `word` is one word without spaces. */
export function parseDuration(word: string): DurationResult {
  const match = form.exec(word)
  if (!match) {
    if (bare.test(word)) return broken(`${word} has no unit: write ${word}s or ${word}ms`)
    if (word.startsWith('-')) return broken(`a time cannot be negative, found "${word}"`)
    return broken(`expected a time such as 500ms or 1.5s, found "${word}"`)
  }
  const [, whole = '', fraction = '', unit = ''] = match
  const digits = unit.toLowerCase() === 's' ? 3 : 0
  if (/[1-9]/.test(fraction.slice(digits))) {
    return broken(`${word} is finer than a millisecond`)
  }
  // From the digits, not by multiplying: 1.001 * 1000 is not 1001.
  const ms = Number(whole + fraction.slice(0, digits).padEnd(digits, '0'))
  return { kind: 'ok', ms }
}

export function printDuration(ms: number): string {
  if (ms > 0 && ms < 1000) return `${ms}ms`
  const fraction = String(ms % 1000)
    .padStart(3, '0')
    .replace(/0+$/, '')
  return `${Math.floor(ms / 1000)}${fraction && `.${fraction}`}s`
}

function broken(why: string): DurationResult {
  return { kind: 'broken', why }
}
