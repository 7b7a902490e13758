/**
 * What all links have in common: a sum at the end, by which one that was cut short, altered or made
 * up is told from a good one.
 */

/** There is none: the address ends before the `#`, or with it. */
export interface AbsentLink {
  readonly kind: 'absent'
}

export interface BrokenLink {
  readonly kind: 'broken'
  /** A sentence for the person who followed the link. */
  readonly why: string
}

export type Unsealed = AbsentLink | BrokenLink | { readonly kind: 'whole'; readonly body: string }

/** For `location.hash`, beginning with `#`. */
export function seal(parts: readonly string[]): string {
  const body = parts.join('&')
  return `#${body}&sum=${linkSum(body)}`
}

/**
 * Takes `location.hash` with or without its `#`.
 * @param maxLength longer than any link that is made; longer ones are refused unread
 */
export function unseal(hash: string, maxLength: number): Unsealed {
  const link = hash.replace(/^#/, '')
  if (link === '') return { kind: 'absent' }
  if (link.length > maxLength) return broken('is too long to be one of this page’s')
  const match = /^(.*)&sum=([0-9a-z]+)$/s.exec(link)
  if (!match) return broken('is incomplete: its end is missing')
  const [, body = '', given] = match
  if (linkSum(body) !== given) return broken('was altered or cut on its way')
  return { kind: 'whole', body }
}

export function broken(why: string): BrokenLink {
  return { kind: 'broken', why: `This link ${why}.` }
}

/** FNV-1a, 32 bits: enough to notice accidents, which is all it is for. */
export function linkSum(text: string): string {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  }
  return (hash >>> 0).toString(36)
}
