/** The cart: read, changed and written back under one lock, so that no tab overwrites another one's change. */

import { locks } from './locks'
import { read, write } from './storage'

export const products = ['apples', 'bread', 'cheese'] as const

export type Product = (typeof products)[number]

export interface Cart {
  /** One more for each change. */
  readonly version: number
  readonly items: Readonly<Record<Product, number>>
}

export const emptyCart: Cart = { version: 0, items: { apples: 0, bread: 0, cheese: 0 } }

const lock = locks.mutex('cart')
/** `?unlocked` shows what happens without: two tabs lose each other's changes. */
const isLocked = !new URLSearchParams(location.search).has('unlocked')
const news = new BroadcastChannel('two-tab-cart')
const listeners = new Set<() => void>()
news.onmessage = tell

export async function load(): Promise<Cart> {
  return (await read<Cart>('cart', 'mine')) ?? emptyCart
}

export function add(product: Product, count: number): Promise<void> {
  return change(({ items }) => ({ ...items, [product]: items[product] + count }))
}

export function empty(): Promise<void> {
  return change(() => emptyCart.items)
}

/** Hears of changes, in whichever tab they were made. Answers what stops it. */
export function onChange(listener: () => void): () => void {
  listeners.add(listener)
  return () => {
    listeners.delete(listener)
  }
}

async function change(next: (cart: Cart) => Cart['items']): Promise<void> {
  const save = async () => {
    const cart = await load()
    await write('cart', 'mine', { version: cart.version + 1, items: next(cart) })
  }
  await (isLocked ? lock.run(save) : save())
  // Not to ourselves: a channel does not hear what it says.
  news.postMessage('changed')
  tell()
}

function tell(): void {
  for (const listener of [...listeners]) listener()
}
