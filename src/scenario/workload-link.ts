/**
 * One workload, or two beside each other, in the part of an address after `#`. As with the links of
 * scenarios, what was cut short, altered or made up is told from a good one.
 *
 *     #a=…&b=name.hot-key&sum=1x2y3z4
 */

import { type AbsentLink, type BrokenLink, broken, seal, unseal } from './sealed'
import type { Workload } from './workload'
import { assertWorkload } from './workload-limits'
import { packWorkload, unpackWorkload } from './workload-pack'
import { workloadPresets } from './workload-presets'

export interface WorkloadLinkContent {
  readonly a: Workload
  /** What it is compared with, on the same seed. */
  readonly b?: Workload | undefined
}

export type WorkloadLinkResult =
  | AbsentLink
  | BrokenLink
  | ({ readonly kind: 'ok' } & WorkloadLinkContent)

/** Longer than any link that `encodeWorkloadLink` makes; longer ones are refused unread. */
const maxLength = 3_000

/**
 * For `location.hash`, beginning with `#`. Throws a `RangeError` on a workload beyond the limits, and
 * on two whose seeds differ: their plans could not be compared.
 */
export function encodeWorkloadLink({ a, b }: WorkloadLinkContent): string {
  assertWorkload(a)
  if (b === undefined) return seal([`a=${pack(a)}`])
  assertWorkload(b)
  if (a.seed !== b.seed) {
    throw new RangeError(`b.seed must be that of a, ${a.seed}, got ${b.seed}`)
  }
  return seal([`a=${pack(a)}`, `b=${pack(b)}`])
}

/** Takes `location.hash` with or without its `#`; never throws. */
export function decodeWorkloadLink(hash: string): WorkloadLinkResult {
  const link = unseal(hash, maxLength)
  if (link.kind !== 'whole') return link
  const [, first, second] = /^a=([\w.-]+)(?:&b=([\w.-]+))?$/.exec(link.body) ?? []
  if (first === undefined) return broken('has parts that this page does not know')
  const a = unpack(first)
  const b = second === undefined ? undefined : unpack(second)
  if (!a || (second !== undefined && !b)) return broken('holds a workload that cannot be read')
  if (!b) return { kind: 'ok', a }
  if (a.seed !== b.seed) return broken('compares workloads of different seeds')
  return { kind: 'ok', a, b }
}

/** Presets by their names; no packed workload has a dot in it. */
const named = 'name.'

function pack(workload: Workload): string {
  const packed = packWorkload(workload)
  const known = workloadPresets.find((each) => packWorkload(each.workload) === packed)
  return known ? `${named}${known.id}` : packed
}

function unpack(text: string): Workload | undefined {
  if (!text.startsWith(named)) return unpackWorkload(text)
  return workloadPresets.find(({ id }) => `${named}${id}` === text)?.workload
}
