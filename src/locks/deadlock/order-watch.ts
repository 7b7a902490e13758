/** Watches over the order in which the tasks of one agent ask for locks. */

import { LockOrderError } from '../errors'
import { remember } from '../remember'
import { show } from '../show'
import type { Space } from '../space'
import type { TaskHold } from '../task-hold'
import { classOf, mostSteps, OrderGraph, type Step } from './order-graph'

export interface OrderSettings {
  readonly onViolation: 'warn' | 'throw'
  /** Else it is learned. */
  readonly declared: readonly string[] | undefined
}

/** What is wrong with an acquisition. */
interface Violation {
  readonly held: TaskHold
  readonly why: string
}

export class OrderWatch {
  readonly #graph = new OrderGraph()
  readonly #reported = new Map<string, true>()

  constructor(
    readonly space: Space,
    public settings: OrderSettings,
  ) {}

  /**
   * Somebody is about to ask, and nothing is queued yet.
   * @throws LockOrderError
   */
  asks(hold: TaskHold): void {
    // A try waits for nobody, so it can be part of no circle.
    if (hold.ifAvailable) return
    // A space makes no others.
    for (const held of [...hold.task.holds] as TaskHold[]) {
      // The same lock again is re-entrance, and told as that.
      if (held.name === hold.name) continue
      const why = this.#check(held, hold)
      if (why !== undefined) this.#tell(hold, { held, why })
    }
  }

  #check(held: TaskHold, asked: TaskHold): string | undefined {
    const { together } = this.space
    const [first, then] = [classOf(held.name), classOf(asked.name)]
    // `all` has an order of its own, by whole names.
    if (first === then) return together ? undefined : 'which has no order among its own locks'
    const { declared } = this.settings
    if (declared !== undefined) {
      const at = declared.indexOf(then)
      const wrong = at >= 0 && at < declared.indexOf(first)
      return wrong ? `but ${show(then)} is declared to come before ${show(first)}` : undefined
    }
    if (this.#graph.knows(first, then)) return undefined
    // Where names and classes are not sorted alike, what `all` does says nothing about classes.
    if (together && first > then) return undefined
    const back = this.#graph.way(then, first)
    if (back !== undefined) return `but before, ${back.map(describeStep).join(', and ')}`
    this.#graph.learn(first, then, () => ({
      task: asked.task.name,
      heldSite: held.site,
      askedSite: asked.site,
    }))
    return undefined
  }

  #tell(asked: TaskHold, { held, why }: Violation): void {
    const now = `${describeLock(asked.name, asked.site)} while it holds ${describeLock(held.name, held.site)}`
    const message = `lock order: task ${show(asked.task.name)} asks for ${now}, ${why}`
    const { onViolation } = this.settings
    const pair = `${classOf(held.name)}:${classOf(asked.name)}`
    if (!this.#reported.has(pair)) {
      remember(this.#reported, pair, true, mostSteps)
      const details = { against: held.name }
      this.space.recorder?.hears('order-violation', asked, details)
      this.space.emitRare?.('order-violation', asked, details)
      // biome-ignore lint/suspicious/noConsole: who asks for warnings reads them there
      if (onViolation === 'warn') console.warn(message)
    }
    if (onViolation === 'throw') throw new LockOrderError(message)
  }
}

function describeStep({ held, asked, task, heldSite, askedSite }: Step): string {
  return `task ${show(task)} asked for ${describeLock(asked, askedSite)} while it held ${describeLock(held, heldSite)}`
}

function describeLock(name: string, site: string | undefined): string {
  return site === undefined ? show(name) : `${show(name)} (at ${site})`
}
