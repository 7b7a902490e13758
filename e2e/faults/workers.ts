/** Runs of `faults-deaths.ts` in a page, as the report wants them. */

import type { Page } from '@playwright/test'
import { pagesURL } from '../../playwright.config'
import { plainHost } from '../../vite.config'
import type {} from '../pages/faults'
import type { Plan } from '../pages/faults-deaths'
import type { Carried } from '../pages/faults-locks'
import type { Run } from './report'
import { startResource } from './resource'

const plainURL = pagesURL.replace('127.0.0.1', plainHost)

/** Where a page has what these locks need, and nothing better. */
export function addressOf(carried: Carried, page = 'faults'): string {
  return `${carried === 'indexed-db' ? plainURL : pagesURL}/${page}.html`
}

/** What keeps its thread to itself is ended after the browser's grace. */
const busyRoles: readonly string[] = ['busy', 'blocks', 'loops']

export async function endWorkers(page: Page, plan: Omit<Plan, 'witness'>): Promise<Run> {
  const plain = plan.carried === 'indexed-db'
  await page.goto(addressOf(plan.carried))
  const resource = plain ? await startResource() : undefined
  try {
    const whole: Plan = { ...plan, witness: resource?.url }
    const outcome = await page.evaluate((it) => faults.endWorkers(it), whole)
    return {
      carried: plan.carried,
      faults: outcome.deaths.map(({ role, recovery, insideLatch }) => ({
        ...{ kind: `worker that ${role}`, kill: true, busy: busyRoles.includes(role) },
        ...{ recovery, insideLatch, exact: true },
      })),
      entries: resource?.entries ?? outcome.entries,
      onTheWay: plain ? 1 : 0,
      ...{ stuck: outcome.stuck, sections: outcome.sections, left: outcome.left },
      ...{ lateness: outcome.lateness, healthyWait: outcome.healthyWait },
    }
  } finally {
    resource?.close()
  }
}
