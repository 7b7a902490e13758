/**
 * Tabs to which something happens at a random moment, while they hold one lane and contend for
 * another with healthy tabs; a survivor waits behind them. The moments are compared by the clock of
 * the one machine that all of it runs on.
 */

import { setTimeout as passed } from 'node:timers/promises'
import type { BrowserContext, Page } from '@playwright/test'
import type {} from '../pages/faults'
import type { Carried } from '../pages/faults-locks'
import { mulberry32 } from '../pages/hammer-agent'
import { holdOf } from './log'
import type { Fault, Run } from './report'
import { type Resource, startResource } from './resource'
import { addressOf } from './workers'

export interface TabsPlan {
  readonly carried: Carried
  readonly rounds: number
  readonly seed: number
  /** How long, in ms, anything is waited for. */
  readonly patience: number
}

type Happening =
  | 'closes'
  | 'reloads'
  | 'leaves and comes back'
  | 'crashes'
  | 'is robbed'
  | 'is cleared'

/** Windows that share memory share a process, too: a crash would end them all. */
const happenings: Readonly<Partial<Record<Carried, readonly Happening[]>>> = {
  'web-locks': ['closes', 'reloads', 'leaves and comes back', 'crashes', 'is robbed'],
  'shared-memory': ['closes', 'reloads', 'leaves and comes back', 'is robbed'],
  'indexed-db': [
    ...(['closes', 'reloads', 'leaves and comes back', 'crashes'] as const),
    ...(['is robbed', 'is cleared'] as const),
  ],
}

/**
 * What ends a tab for good. Its moment is seen from outside, and nothing is loaded meanwhile, which
 * would keep the machine from what is measured.
 */
const ends: readonly Happening[] = ['closes', 'crashes']

const lanes = [0, 1, 2]

export async function disturbTabs(context: BrowserContext, plan: TabsPlan): Promise<Run> {
  const resource = await startResource()
  try {
    return await new Street(context, plan, resource).play()
  } finally {
    resource.close()
  }
}

class Street {
  readonly #random: () => number
  #survivor: Page | undefined
  #agents = 0
  #lateness = 0
  #healthyWait = 0

  constructor(
    readonly context: BrowserContext,
    readonly plan: TabsPlan,
    readonly resource: Resource,
  ) {
    this.#random = mulberry32(plan.seed)
  }

  async play(): Promise<Run> {
    const { carried, rounds, patience } = this.plan
    const survivor = await this.#open()
    this.#survivor = survivor.page
    const healthy = [await this.#open(), await this.#open()]
    for (const { page } of healthy) await page.evaluate((all) => faults.contend(all, 1), lanes)
    const faultsSeen: Fault[] = []
    for (let round = 0; round < rounds; round++) {
      for (const happening of happenings[carried] ?? []) {
        faultsSeen.push(await this.#disturb(survivor.page, happening))
      }
    }
    for (const { page } of healthy) await page.evaluate(() => faults.stop())
    const left = await survivor.page.evaluate((ms) => faults.leftOver(ms), patience)
    await this.#control(survivor.page, 0)
    return {
      carried,
      faults: faultsSeen,
      entries: this.resource.entries,
      onTheWay: 1,
      sections: this.resource.sections,
      stuck: false,
      lateness: this.#lateness,
      healthyWait: this.#healthyWait,
      left,
    }
  }

  async #disturb(survivor: Page, happening: Happening): Promise<Fault> {
    const [held, contended] = this.#random() < 0.5 ? [0, 1] : ([1, 2] as const)
    await this.#control(survivor, held)
    const victim = await this.#open()
    const { page, agent } = victim
    const { patience } = this.plan
    await page.evaluate((lane) => faults.keep('lost', lane), held)
    await page.evaluate((lane) => faults.take('contends', lane), contended)
    const kill = !['is robbed', 'is cleared'].includes(happening)
    if (happening !== 'is robbed') {
      await survivor.evaluate((lane) => faults.note('held', 'pass', lane), held)
    }
    const exact = ends.includes(happening)
    if (exact) await page.evaluate((url) => faults.cling(url), this.resource.url)
    await passed(this.#random() * 40)
    if (kill) this.resource.tell('killed', held, holdOf(agent, 0))
    for (const lane of [held, contended]) this.resource.tell('watch', lane, agent)
    const after = await this.#happen(happening, page, survivor, held)
    await survivor.evaluate((lane) => faults.note('contended', 'pass', lane), contended)
    const moments = [
      ...(await Promise.all(
        ['held', 'contended'].map((what) =>
          survivor.evaluate(([name, ms]) => faults.moment(name, ms), [what, patience] as const),
        ),
      )),
      ...(await after(patience)),
    ]
    const standstills = [held, contended].map((lane) => this.resource.standstill(lane))
    if (!page.isClosed()) {
      // It goes in peace, or is dead already.
      this.resource.tell('killed', held, holdOf(agent, 0))
      await page.close()
    }
    if (exact && this.resource.endOf(agent) === undefined) {
      throw new Error(`no end was seen: ${happening}`)
    }
    const recovery = moments.includes(undefined) ? undefined : Math.max(...standstills)
    return {
      ...{ kind: `tab that ${happening}`, kill, busy: false, insideLatch: false },
      ...{ exact, recovery },
    }
  }

  /** @returns what else is to be waited for */
  async #happen(
    happening: Happening,
    page: Page,
    survivor: Page,
    held: number,
  ): Promise<(patience: number) => Promise<readonly (number | undefined)[]>> {
    const nothing = async () => []
    switch (happening) {
      case 'closes':
        await page.close()
        return nothing
      case 'reloads':
        await page.reload({ waitUntil: 'commit' })
        return nothing
      case 'crashes': {
        const session = await page.context().newCDPSession(page)
        const crashed = page.waitForEvent('crash')
        // Nobody is left to answer.
        session.send('Page.crash').catch(() => {})
        await crashed
        return nothing
      }
      case 'leaves and comes back':
        await page.goto('about:blank')
        return async (patience) => {
          await page.goBack({ waitUntil: 'commit' })
          await page.waitForFunction(() => 'faults' in globalThis)
          // One that was cached goes on, and must learn what it lost; else it is loaded anew.
          const told = await page.evaluate((ms) => {
            const [loaded] = performance.getEntriesByType('navigation')
            const cached = (loaded as PerformanceNavigationTiming).type === 'navigate'
            return cached ? faults.moment('lost', ms) : 0
          }, patience)
          return told === undefined ? [told] : []
        }
      case 'is robbed':
        await survivor.evaluate((lane) => faults.note('held', 'steal', lane), held)
        return async (patience) => [
          await page.evaluate((ms) => faults.moment('lost', ms), patience),
        ]
      case 'is cleared': {
        const session = await page.context().newCDPSession(page)
        const origin = new URL(page.url()).origin
        await session.send('Storage.clearDataForOrigin', { origin, storageTypes: 'all' })
        return async (patience) => [
          await page.evaluate((ms) => faults.moment('lost', ms), patience),
        ]
      }
    }
  }

  /** What the machine needs for what no fault has touched. */
  async #control(survivor: Page, lane: number): Promise<void> {
    const start = Date.now()
    const late = await survivor.evaluate(() => faults.lateness())
    this.#lateness = Math.max(this.#lateness, late, Date.now() - start)
    const wait = await survivor.evaluate((each) => faults.wait(each), lane)
    this.#healthyWait = Math.max(this.#healthyWait, wait)
  }

  async #open(): Promise<{ readonly page: Page; readonly agent: number }> {
    const { carried, seed } = this.plan
    const agent = ++this.#agents
    const page = await this.#page(addressOf(carried))
    await page.evaluate((it) => faults.be(it), {
      ...{ carried, agent, seed: seed + agent, testimony: this.resource.url },
      // Both ways exclude each other, too.
      fair: this.#random() < 0.5 ? ('bounded' as const) : ('strict' as const),
    })
    return { page, agent }
  }

  async #page(address: string): Promise<Page> {
    const first = this.#survivor
    if (first === undefined || this.plan.carried !== 'shared-memory') {
      const page = await this.context.newPage()
      await page.goto(address)
      if (this.plan.carried === 'shared-memory') await page.evaluate(() => faults.shareMemory())
      return page
    }
    const [opened] = await Promise.all([
      first.waitForEvent('popup'),
      first.evaluate((url) => {
        open(url)
      }, address),
    ])
    await opened.waitForFunction(() => 'faults' in globalThis)
    return opened
  }
}
