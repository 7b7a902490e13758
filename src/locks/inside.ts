import type { Acquisition } from './acquisition'

/** Runs the callback; its synchronous beginning belongs to the hold's task. */
export function inside<H extends Acquisition, T>(hold: H, callback: (hold: H) => T): T {
  const { carrier } = hold.way
  const outer = carrier.ambient
  carrier.ambient = hold
  try {
    return callback(hold)
  } finally {
    carrier.ambient = outer
  }
}
