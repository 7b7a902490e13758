import { refuse } from './arguments'

/**
 * A template tag for lock names made of parts. Parts are escaped, so that different parts never
 * make the same name: ``key`user:${'a:b'}:${'c'}` `` and ``key`user:${'a'}:${'b:c'}` `` differ.
 *
 * @param parts strings, numbers, bigints or booleans.
 * @throws TypeError for any other part, for NaN, and where no `:` separates two parts.
 * @example
 * const order = locks.mutex(key`tenant:${tenantId}:order:${orderId}`)
 */
export function key(
  literals: TemplateStringsArray,
  ...parts: readonly (string | number | bigint | boolean)[]
): string {
  // Where nothing lies between two parts, or what may be part of one, nobody can tell them apart.
  for (const between of literals.slice(1, -1)) {
    if (!between.includes(':')) refuse('key', "have ':' between parts", between)
  }
  let name = literals[0] ?? ''
  for (const [index, part] of parts.entries()) {
    const escaped = escapePart(part, index)
    // What begins with it is refused as a name.
    name += (name === '' ? escaped.replace(/^-/, '%2d') : escaped) + (literals[index + 1] ?? '')
  }
  return name
}

const partTypes = ['string', 'number', 'bigint', 'boolean']

/**
 * `%` escapes; `:` separates parts; `!` begins reserved suffixes. A `-` is refused at the
 * beginning of a name, and an empty part must differ from no part only by its separators.
 */
export function escapePart(part: unknown, index: number): string {
  if (!partTypes.includes(typeof part) || Number.isNaN(part)) {
    refuse(`key part ${index + 1}`, 'be a string, number, bigint or boolean', part)
  }
  return String(part).replace(/[%:!]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`)
}
