/** The time axis: where its lines stand, and what they say. Pure. */

import { scaleLinear } from 'd3'
import type { View } from './view'

export interface Tick {
  /** ms */
  readonly time: number
  readonly x: number
  readonly text: string
}

/** Pixels: labels closer than that are too many, and what each of a label's letters needs. */
const roomy = 92
const letter = 7.4

export function ticksOf({ from, to }: View, width: number): readonly Tick[] {
  const scale = scaleLinear([from, to], [0, width])
  // The nearer one looks, the longer are the numbers.
  for (let count = Math.max(1, Math.floor(width / roomy)); ; count = Math.floor(count / 1.25)) {
    const values = scale.ticks(Math.max(count, 1))
    const [first = from, second = to] = values
    const step = second - first
    const long = timeText(values.at(-1) ?? to, step).length * letter + 14
    if (count >= 1 && values.length > 1 && scale(second) - scale(first) < long) continue
    // Where not even two have room, one stands alone.
    const shown = count >= 1 ? values : values.slice(0, 1)
    return shown.map((time) => ({ time, x: scale(time), text: timeText(time, step) }))
  }
}

/** As finely as the distance to the next one asks for: `1.25 s`, `1,250.4 ms` */
export function timeText(ms: number, step: number): string {
  const seconds = step >= 50
  const unit = seconds ? 1000 : 1
  const digits = Math.min(6, Math.max(0, Math.ceil(-Math.log10(step / unit) - 1e-9)))
  return `${withDigits(digits).format(ms / unit)} ${seconds ? 's' : 'ms'}`
}

/** Made once: making one takes longer than a lane takes to draw. */
const formats: Intl.NumberFormat[] = []

function withDigits(digits: number): Intl.NumberFormat {
  formats[digits] ??= new Intl.NumberFormat('en', {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  })
  return formats[digits]
}

/** A length of time for people: three digits and its unit. */
export function durationText(ms: number): string {
  if (ms === 0) return '0 ms'
  const [unit, value] =
    ms >= 1000 ? ['s', ms / 1000] : ms >= 0.9995 ? ['ms', ms] : (['µs', ms * 1000] as const)
  const digits = value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2
  return `${withDigits(digits).format(value)} ${unit}`
}
