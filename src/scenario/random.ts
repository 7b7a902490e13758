/** Reproducible randomness. */

/** Mulberry32, a public-domain generator by Tommy Ettinger: from a seed, numbers from [0, 1). */
export function seeded(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** The seed of one of many streams: neighbours among seeds and streams have nothing in common. */
export function streamSeed(seed: number, stream: number): number {
  let mixed = Math.imul(seed ^ Math.imul(stream + 1, 0x9e3779b1), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return (mixed ^ (mixed >>> 16)) >>> 0
}
