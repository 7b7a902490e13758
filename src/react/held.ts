/**
 * What a hold shows to components: all of it but what ends it. A component ends its hold through its
 * handle, which hears of it; ended in any other way it would be shown as held for ever.
 */

export type Held<H> = Omit<H, 'release' | typeof Symbol.dispose | typeof Symbol.asyncDispose>

/** `downgrade` is that of a write hold; `end` and `close` are the library's own. */
const ends: readonly PropertyKey[] = [
  'release',
  'downgrade',
  'end',
  'close',
  Symbol.dispose,
  Symbol.asyncDispose,
]

/** The hold itself knows how to release itself, whatever its type says. */
export function heldOf<H extends object>(hold: H): Held<H> {
  return new Proxy(hold, {
    get(of, part) {
      const value = ends.includes(part) ? undefined : Reflect.get(of, part)
      // Holds have private fields, which only they themselves can read.
      return typeof value === 'function' ? value.bind(of) : value
    },
  })
}
