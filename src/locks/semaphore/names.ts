/**
 * What a semaphore is made of, by name: one lock for each permit, and a gate. These names end in
 * what users' names must not end in, so the locks of two semaphores are never the same.
 */

const gateSuffix = '!q'
const slotMark = '!s'

export function gateName(semaphore: string): string {
  return semaphore + gateSuffix
}

export function slotName(semaphore: string, index: number): string {
  return semaphore + slotMark + index
}

/** What an entry of a mechanism's list is to a semaphore, if it is anything. */
export interface Part {
  readonly semaphore: string
  readonly part: 'gate' | 'slot'
}

const partPattern = /^(.+)!(q|s\d{1,4})$/s

export function partOf(entry: string): Part | undefined {
  const [, semaphore, part] = partPattern.exec(entry) ?? []
  if (semaphore === undefined) return undefined
  return { semaphore, part: part === 'q' ? 'gate' : 'slot' }
}
