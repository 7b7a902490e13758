import { test } from '@playwright/test'

/** Shown, so that a run that failed can be run again. */
export function newSeed(): number {
  const seed = Number(process.env.LATCHKEY_SEED ?? Math.floor(Math.random() * 2 ** 30))
  test.info().annotations.push({ type: 'seed', description: String(seed) })
  console.log(`seed ${seed}`)
  return seed
}
