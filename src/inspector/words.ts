/** What the panel says of events and times. */

import type { DeadlockParty, LockEvent } from '../locks'

/** @param ms how long */
export function duration(ms: number): string {
  if (ms < 1000) return `${Math.max(0, Math.round(ms))} ms`
  const seconds = ms / 1000
  if (seconds < 60) return `${seconds.toFixed(1)} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${minutes} min ${Math.floor(seconds % 60)} s`
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

/** What ticks goes by tenths of a second: nobody reads single ms. */
export function ticking(ms: number): string {
  return ms < 1000 ? `${(Math.max(0, ms) / 1000).toFixed(1)} s` : duration(ms)
}

/** @param time in ms since the epoch */
export function clockTime(time: number): string {
  const date = new Date(time)
  const two = (part: number, digits = 2) => String(part).padStart(digits, '0')
  const [hours, minutes, seconds] = [date.getHours(), date.getMinutes(), date.getSeconds()]
  return `${two(hours)}:${two(minutes)}:${two(seconds)}.${two(date.getMilliseconds(), 3)}`
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`
}

export function eventLine({ type, task, lock, mode, ...event }: LockEvent): string {
  const line = `${type} ${lock} (${mode}) by ${task}`
  if (type === 'order-violation' && 'against' in event) return `${line}, holding ${event.against}`
  if ('reason' in event && event.reason !== undefined) return `${line}: ${event.reason}`
  if ('fence' in event && event.fence !== undefined) return `${line}: ${event.fence}`
  return line
}

/** A sentence for what somebody should look at; `undefined` for all other events. */
export function warning(event: LockEvent): string | undefined {
  const { task, lock } = event
  if (event.type === 'order-violation') {
    return `Order: ${task} asked for ${lock} while it held ${event.against}, against the order.`
  }
  if (event.type !== 'deadlock') return undefined
  const how = event.goesOn ? 'which goes on' : `of which ${task} was rejected`
  return `Deadlock of ${event.cycle.length}, ${how}: ${event.cycle.map(link).join('; ')}.`
}

function link(
  { task, lock, behind }: DeadlockParty,
  index: number,
  cycle: readonly DeadlockParty[],
): string {
  const next = cycle[(index + 1) % cycle.length]?.task ?? ''
  return `${task} waits for ${lock}, ${behind === 'holder' ? 'held by' : 'behind'} ${next}`
}
