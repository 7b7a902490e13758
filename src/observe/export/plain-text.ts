/** Text that every reader takes: names of locks and tasks are whatever their users make them. */

/**
 * Half of a surrogate pair stands for nothing: UTF-8 has no bytes for it, and strict readers of JSON
 * refuse it.
 */
export function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '\ufffd')
}

/** Names must not forge lines of a log. */
export function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]/gu, escaped)
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}

/** As JSON. One entry of a long list to a line, so that files can be read and compared. */
export function jsonLines(entries: readonly unknown[]): string {
  return entries.map(json).join(',\n')
}

export function json(value: unknown): string {
  const text = JSON.stringify(value)
  // `stringify` escapes the halves that it finds, and a replacer makes it four times slower.
  if (!/\\ud[89a-f]/.test(text)) return text
  return JSON.stringify(value, (_key, each) => (typeof each === 'string' ? wellFormed(each) : each))
}
