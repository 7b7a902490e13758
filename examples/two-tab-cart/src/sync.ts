/**
 * One tab sends the cart to the server: whoever leads. A leader that dies is replaced at once, one that
 * is frozen through its lease; and when that one wakes up in the middle of an upload, the server
 * refuses what it sends, because its fence is older than one that the server has seen.
 *
 * There is no server here: an object store of the same database stands in for it.
 */

import { fenced, type Hold, LockLostError, StaleFenceError } from 'latchkey'
import { type Cart, load, onChange } from './cart'
import { locks } from './locks'
import { database, read } from './storage'

const server = fenced<Upload>({ database, store: 'server', fences: 'fences' })

export interface Upload extends Cart {
  /** The fence of the leader that sent it. */
  readonly by: number
}

/** Never ends: who loses the leadership campaigns again. */
export async function sync(show: (words: string) => void): Promise<never> {
  const leader = locks.leader('cart sync')
  for (;;) {
    show('Another tab syncs the cart.')
    const hold = await leader.campaign()
    try {
      await lead(hold, show)
    } catch (error) {
      if (!(error instanceof LockLostError || error instanceof StaleFenceError)) throw error
    } finally {
      leader.resign()
    }
  }
}

async function lead(hold: Hold, show: (words: string) => void): Promise<never> {
  for (;;) {
    hold.signal.throwIfAborted()
    // Before the cart is read, so that no change falls in between.
    const wakeUp = changed(hold.signal)
    const cart = await load()
    const known = await read<Upload>('server', 'mine')
    if (known?.version !== cart.version) {
      await server.put(hold, { ...cart, by: hold.fence ?? 0 }, 'mine')
    }
    show(`This tab syncs the cart: version ${cart.version} is on the server.`)
    await wakeUp
  }
}

/** Until the cart changes, or the leadership is lost. */
function changed(lost: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const stop = onChange(wakeUp)
    lost.addEventListener('abort', wakeUp)
    function wakeUp(): void {
      stop()
      lost.removeEventListener('abort', wakeUp)
      resolve()
    }
  })
}
