/** How a hold gets its fence. */

import { NotHeldError, UnsupportedError } from './errors'
import { show } from './show'
import type { TaskHold } from './task-hold'
import type { AcquireOptions } from './terms'

/**
 * Gives a hold its fence, or gives the lock back and rejects: it must not be used without one.
 * @throws LockLostError (rejects) if it was lost before it had one; `signal.reason`;
 *   UnsupportedError, CapacityError where none can be minted
 */
export async function giveFence(hold: TaskHold, { fence, signal }: AcquireOptions): Promise<void> {
  const floor = (typeof fence === 'object' && fence?.floor) || 0
  try {
    const { port } = hold.way
    if (port.mint === undefined) throw new UnsupportedError(noFences)
    const minting = port.mint(hold, 1, floor)
    const minted = minting instanceof Promise ? await unlessOver(minting, hold, signal) : minting
    // Somebody else has it, though nobody has said so yet.
    if (minted === undefined) hold.lost('stolen')
    if (!hold.isHeld) {
      hold.close()
      throw new NotHeldError(`${show(hold.name)} was released before it had its fence`)
    }
    hold.fence = minted
    hold.space.emitRare?.('fence', hold, { fence: minted })
  } catch (error) {
    hold.end()
    throw error
  }
}

/** Copies of the library on one page share what one of them has opened. */
const noFences =
  'what carries these locks has no fences: a copy of Latchkey that knows none has opened it here, so bundle one version'

/** Where the storage does not answer, nobody has to wait for it. */
function unlessOver<T>(
  minting: Promise<T>,
  hold: TaskHold,
  signal: AbortSignal | undefined,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const ends = signal === undefined ? [hold.signal] : [hold.signal, signal]
    const look = () => {
      for (const { aborted, reason } of ends) if (aborted) settle(() => reject(reason))
    }
    const settle = (how: () => void) => {
      for (const end of ends) end.removeEventListener('abort', look)
      how()
    }
    for (const end of ends) end.addEventListener('abort', look)
    minting.then(
      (minted) => settle(() => resolve(minted)),
      (error: unknown) => settle(() => reject(error)),
    )
    look()
  })
}
