/**
 * Whoever takes a lock from a holder whose lease has run out, and a holder who renews or gives back
 * such a lock after all, take turns on a lock beside it. So nobody is robbed who was granted what the
 * late holder gave back a moment before.
 */

import type { PortSnapshot } from '../ports/port'
import type { Space } from '../space'
import { Errand } from './errand'
import { turnName } from './marker'

/** What was seen in one's turn is acted upon within so many ms, or not at all. */
const actsWithin = 1000
/** Who has the turn for longer than twice this does not act any more: it is taken. In ms. */
const patience = 2500

/**
 * Calls back in one's turn, with who holds what by then. What is to happen on the ground of that is
 * begun at once; the turn lasts until it has ended.
 */
export async function inTurn(
  space: Space,
  lock: string,
  act: (seen: PortSnapshot) => void | Promise<void>,
): Promise<void> {
  const { clock, ports } = space
  for (;;) {
    const turn = await takeTurn(space, turnName(lock))
    try {
      const [since, steadySince] = [clock.coarse(), clock.now()]
      // An agent that stood still since its turn began hears of that before the answer.
      const seen = await ports.strict.query()
      const late = Math.max(clock.coarse() - since, clock.now() - steadySince) > actsWithin
      if (!turn.held || late) continue
      await act(seen)
      return
    } finally {
      turn.end()
    }
  }
}

async function takeTurn(space: Space, name: string): Promise<Errand> {
  const turn = new Errand(space.ports.strict, name).send()
  try {
    return (await standsStill(space, turn)) ? await takeOver(space, turn) : turn
  } catch (error) {
    turn.end()
    throw error
  }
}

/** Waits for the turn, or until whoever has it has had it for too long. */
async function standsStill(space: Space, turn: Errand): Promise<boolean> {
  let suspect: string | undefined
  while (!(await within(space, patience, turn.done))) {
    const { held } = await space.ports.strict.query()
    const holder = held.find((info) => info.name === turn.name)?.clientId
    if (holder !== undefined && holder === suspect && !turn.held) return true
    suspect = holder
  }
  return false
}

async function takeOver(space: Space, turn: Errand): Promise<Errand> {
  turn.end()
  const taken = new Errand(space.ports.strict, turn.name, true).send()
  await taken.done
  return taken
}

/** Whether it happens within so many ms. */
export function within(space: Space, ms: number, event: Promise<void>): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const stop = space.clock.after(ms, () => resolve(false))
    event.then(
      () => {
        stop()
        resolve(true)
      },
      (error) => {
        stop()
        reject(error)
      },
    )
  })
}
