/** Two independent 32-bit hashes, step by step: together they tell states apart. */

// The constants keep zeros from leaving no trace: a thread that read a 0 has still read.

export function low(hash: number, value: number): number {
  const mixed = (Math.imul(hash ^ value, 0x9e3779b1) + 0x7f4a7c15) | 0
  return mixed ^ (mixed >>> 15)
}

export function high(hash: number, value: number): number {
  const mixed = (Math.imul(hash + value, 0x85ebca6b) + 0x165667b1) | 0
  return mixed ^ (mixed >>> 13)
}

/** Marsaglia's xorshift: the next of a row of random numbers, never 0. */
export function nextRandom(state: number): number {
  let next = state
  next ^= next << 13
  next ^= next >>> 17
  next ^= next << 5
  return next
}
