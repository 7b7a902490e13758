import type { Acquisition } from './acquisition'

/** Runs the callback; its synchronous beginning belongs to the hold's task. */
export function inside<H extends Acquisition, T>(hold: H, callback: (hold: H) => T): T {
  const { space } = hold
  const outer = space.ambient
  space.ambient = hold
  try {
    return callback(hold)
  } finally {
    space.ambient = outer
  }
}
