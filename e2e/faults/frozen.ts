/**
 * Tabs that are frozen at random moments while they contend with others, and go on later. A frozen
 * tab is not dead: nobody may take from it what it holds without its being told.
 */

import { setTimeout as passed } from 'node:timers/promises'
import type { Browser } from '@playwright/test'
import { type RealTab, RealTabs } from '../locks-real-tabs'
import type {} from '../pages/faults'
import { mulberry32 } from '../pages/hammer-agent'
import type { Fault, Run } from './report'
import { type Resource, startResource } from './resource'
import type { TabsPlan } from './tabs'
import { addressOf } from './workers'

export async function freezeTabs(browser: Browser, plan: TabsPlan): Promise<Run> {
  const resource = await startResource()
  const tabs = await RealTabs.start(browser)
  try {
    return await freeze(tabs, plan, resource)
  } finally {
    await tabs.close()
    resource.close()
  }
}

async function freeze(tabs: RealTabs, plan: TabsPlan, resource: Resource): Promise<Run> {
  const { carried, rounds, seed, patience } = plan
  const random = mulberry32(seed)
  const open = async (agent: number): Promise<RealTab> => {
    const tab = await tabs.open(addressOf(carried))
    await tab.evaluate((it) => faults.be(it), {
      ...{ carried, agent, seed: seed + agent, testimony: resource.url },
      fair: random() < 0.5 ? ('bounded' as const) : ('strict' as const),
    })
    return tab
  }
  const victim = await open(1)
  // It hides the other.
  const survivor = await open(2)
  await victim.is('hidden')
  for (const tab of [victim, survivor]) await tab.evaluate(() => faults.contend([0, 1], 2))
  const seen: Fault[] = []
  let lateness = 0
  let healthyWait = 0
  for (let round = 0; round < rounds; round++) {
    healthyWait = Math.max(healthyWait, await survivor.evaluate(() => faults.wait(0)))
    await passed(random() * 40)
    await victim.freeze()
    // Nobody contends for this one.
    await survivor.evaluate(() => faults.wait(2))
    await passed(random() * 100)
    const start = Date.now()
    await victim.resume()
    await survivor.evaluate(() => faults.note('after', 'pass', 0))
    const moment = await survivor.evaluate((ms) => faults.moment('after', ms), patience)
    const recovery = moment === undefined ? undefined : Math.max(0, moment - start)
    const what = { kind: 'tab that is frozen', kill: false, busy: false, insideLatch: false }
    seen.push({ ...what, exact: false, recovery })
    lateness = Math.max(lateness, await survivor.evaluate(() => faults.lateness()))
    if (recovery === undefined) break
  }
  for (const tab of [victim, survivor]) await tab.evaluate(() => faults.stop())
  const left = await survivor.evaluate((ms) => faults.leftOver(ms), patience)
  return {
    ...{ carried, faults: seen, entries: resource.entries, onTheWay: 1 },
    ...{ sections: resource.sections, stuck: false, lateness, healthyWait, left },
  }
}
