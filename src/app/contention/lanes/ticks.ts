/** The time axis: where its lines stand, and what they say. Pure. */

import { scaleLinear } from 'd3'
import type { View } from './view'

export interface Tick {
  /** ms */
  readonly time: number
  readonly x: number
  readonly text: string
}

/** Pixels that a label needs. */
const roomy = 92

export function ticksOf({ from, to }: View, width: number): readonly Tick[] {
  const scale = scaleLinear([from, to], [0, width])
  const count = Math.max(2, Math.floor(width / roomy))
  const values = scale.ticks(count)
  const step = (values[1] ?? to) - (values[0] ?? from)
  return values.map((time) => ({ time, x: scale(time), text: timeText(time, step) }))
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
