/**
 * Tabs that lead, hold permits and fly, and are closed, crash, or are frozen at random moments. One
 * stays: it does everything among the others after each fault, and when all of them are gone.
 */

import { setTimeout as passed } from 'node:timers/promises'
import type { Browser } from '@playwright/test'
import { type RealTab, RealTabs } from '../locks-real-tabs'
import type { TermsOutcome, TermsPlan } from '../pages/faults-terms'
import { mulberry32 } from '../pages/hammer-agent'
import { addressOf } from './workers'

export type TermsTabsPlan = Omit<TermsPlan, 'worker' | 'apart'>

const happenings = ['closes', 'freezes', 'crashes'] as const
const survivorNumber = 1

export async function endTabs(browser: Browser, plan: TermsTabsPlan): Promise<TermsOutcome> {
  const tabs = await RealTabs.start(browser)
  try {
    return await new TermsStreet(tabs, plan).play()
  } finally {
    await tabs.close()
  }
}

class TermsStreet {
  readonly #random: () => number
  readonly #stuck: string[] = []
  #agents = 0
  #kills = 0
  #freezes = 0
  #looks = 0
  #longest = 0

  constructor(
    readonly tabs: RealTabs,
    readonly plan: TermsTabsPlan,
  ) {
    this.#random = mulberry32(plan.seed)
  }

  async play(): Promise<TermsOutcome> {
    const survivor = await this.#open()
    const victims = [await this.#cast(survivor.tab), await this.#cast(survivor.tab)]
    for (let fault = 0; fault < this.plan.faults && this.#stuck.length === 0; fault++) {
      const happening = happenings[fault % happenings.length] ?? 'closes'
      const place = Math.floor(this.#random() * victims.length)
      const { tab, agent } = victims[place] ?? survivor
      await passed(this.#random() * 300)
      await tell(survivor.tab, 'away', agent)
      if (happening === 'freezes') {
        await this.#freeze(tab)
        await tell(survivor.tab, 'back', agent)
      } else {
        await tab[happening]()
        this.#kills++
        victims[place] = await this.#cast(survivor.tab)
      }
      await this.#look(survivor.tab, `after one ${happening}`)
    }
    for (const { tab, agent } of victims) {
      await tell(survivor.tab, 'away', agent)
      await tab.closes()
      this.#kills++
    }
    const end = this.#stuck.length > 0 ? undefined : await this.#look(survivor.tab, 'after the end')
    return {
      ...{ kills: this.#kills, freezes: this.#freezes, looks: this.#looks },
      ...{ longest: this.#longest, stuck: this.#stuck },
      atEnd: end?.written ? end.ms : undefined,
      verdict: await survivor.tab.evaluate(() => terms.judge()),
    }
  }

  /** Long enough for others to find out. */
  async #freeze(tab: RealTab): Promise<void> {
    await tab.freeze()
    await passed(4 * this.plan.ttl)
    await tab.resume()
    this.#freezes++
  }

  async #look(survivor: RealTab, when: string) {
    const { patience } = this.plan
    const done = await survivor.evaluate((ms) => terms.doAll(ms), patience)
    if (done === undefined) this.#stuck.push(`waited ${patience} ms for all ${when}`)
    this.#looks++
    this.#longest = Math.max(this.#longest, done?.ms ?? patience)
    return done
  }

  /** Behind the survivor: only hidden tabs are frozen. */
  async #cast(survivor: RealTab): Promise<{ readonly tab: RealTab; readonly agent: number }> {
    const victim = await this.#open()
    await survivor.show()
    await victim.tab.is('hidden')
    await victim.tab.evaluate(() => terms.live())
    return victim
  }

  async #open(): Promise<{ readonly tab: RealTab; readonly agent: number }> {
    const { carried, fair, ttl, seed } = this.plan
    const agent = survivorNumber + this.#agents++
    const tab = await this.tabs.open(addressOf(carried, 'faults-terms'))
    const options = { fair, ttl, agent, seed: seed + 1000 * agent, apart: false }
    await tab.evaluate((it) => terms.be(it), options)
    return { tab, agent }
  }
}

function tell(survivor: RealTab, kind: 'away' | 'back', agent: number): Promise<void> {
  return survivor.evaluate((step) => terms.tell(step), { kind, agent })
}
