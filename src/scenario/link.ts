/**
 * A run's place in an address: scenario, policy and moment in the part after `#`. A link
 * that was cut short, altered or made up is told from a good one by its sum, and is never
 * played as something else than what was shared.
 *
 *     #policy=go&at=3350&step=11&scenario=…&sum=1x2y3z4
 */

import { catalogue, sevenSeconds } from './catalogue'
import { assertScenario } from './limits'
import { packScenario, unpackScenario } from './pack'
import type { PolicyId, Scenario } from './scenario'
import { type AbsentLink, type BrokenLink, broken, seal, unseal } from './sealed'

/** `time` in ms, with `step` steps of the run done. */
export interface LinkMoment {
  readonly time: number
  readonly step: number
}

export interface LinkContent {
  readonly scenario: Scenario
  readonly policy: PolicyId
  readonly moment: LinkMoment
}

export type LinkResult = AbsentLink | BrokenLink | ({ readonly kind: 'ok' } & LinkContent)

/** Longer than any link that `encodeLink` makes; longer ones are refused unread. */
const maxLength = 5_000

const policies: readonly PolicyId[] = ['go', 'web-locks', 'readers-first', 'writers-first']

/** The largest moment that is read again: 12 and 9 digits. */
const latest: LinkMoment = { time: 1e12 - 1, step: 1e9 - 1 }

/**
 * For `location.hash`, beginning with `#`; the moment is rounded to whole numbers. Throws a
 * `RangeError` on a scenario beyond the limits and on a moment that is negative or beyond what
 * links hold.
 */
export function encodeLink({ scenario, policy, moment }: LinkContent): string {
  assertScenario(scenario)
  for (const name of ['time', 'step'] as const) {
    const value = moment[name]
    if (!(value >= 0 && Math.round(value) <= latest[name])) {
      throw new RangeError(`moment.${name} must be from 0 to ${latest[name]}, got ${value}`)
    }
  }
  const packed = packScenario(scenario)
  const known = catalogue.find((entry) => packScenario(entry.scenario) === packed)
  const parts = [
    `policy=${policy}`,
    `at=${Math.round(moment.time)}`,
    `step=${Math.round(moment.step)}`,
    ...(known === sevenSeconds ? [] : [known ? `name=${known.id}` : `scenario=${packed}`]),
  ]
  return seal(parts)
}

/** Takes `location.hash` with or without its `#`; never throws. */
export function decodeLink(hash: string): LinkResult {
  const link = unseal(hash, maxLength)
  if (link.kind !== 'whole') return link
  const form = /^policy=([a-z-]+)&at=(\d{1,12})&step=(\d{1,9})(?:&(name|scenario)=([\w-]+))?$/
  const [, policy, at, step, kind, value = ''] = form.exec(link.body) ?? []
  if (at === undefined) return broken('has parts that this page does not know')
  const known = policies.find((id) => id === policy)
  if (!known) return broken(`names a lock that this page does not know, “${policy}”`)
  const scenario =
    kind === undefined
      ? sevenSeconds.scenario
      : kind === 'name'
        ? named(value)
        : unpackScenario(value)
  if (!scenario) return broken('holds a scenario that cannot be read')
  const moment = { time: Number(at), step: Number(step) }
  return { kind: 'ok', scenario, policy: known, moment }
}

function named(id: string): Scenario | undefined {
  return catalogue.find((entry) => entry.id === id)?.scenario
}
