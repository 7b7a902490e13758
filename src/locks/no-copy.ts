/**
 * Go's `noCopy`, made real: a lock or a hold that is copied would exclude nobody. Structured
 * cloning refuses symbols and names the one it met, so an own property that holds this symbol
 * makes `structuredClone` and `postMessage` throw, with its description as the reason.
 */
export const noCopy: unique symbol = Symbol(
  'a lock or hold cannot be copied: send its name or lock.descriptor() instead;',
)
