/** `latchkey/deadlock`: finds deadlocks, and locks asked for against their order. */

export { checkOrder, type OrderOptions } from './check-order'
export { type DeadlockOptions, detectDeadlocks } from './detect-deadlocks'
