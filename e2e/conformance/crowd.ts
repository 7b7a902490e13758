/**
 * Requests dealt out to agents in turn, one at a time, each step taken until nothing moves. What
 * is said of a queue in here holds whether one agent asks for everything or several take turns.
 */

import type { LockMode } from '../../src/locks/index'
import type { PortSnapshot } from '../../src/locks/ports/port'
import type { ProbeState } from '../../src/locks/testing/probe'
import { same } from './check'
import type { Agent, Asked, Wish } from './protocol'
import { foreground, settle } from './settle'

export class Crowd {
  readonly #owners = new Map<string, Agent>()
  #asked: readonly Asked[] = []

  constructor(
    readonly agents: readonly Agent[],
    /** ms */
    readonly patience?: number,
  ) {}

  /** Asks through the agent whose turn it is. */
  async ask(id: string, wish: Wish = {}): Promise<ProbeState> {
    const agent = this.agents[this.#owners.size % this.agents.length] as Agent
    return this.askThrough(agent, id, wish)
  }

  async askThrough(agent: Agent, id: string, wish: Wish = {}): Promise<ProbeState> {
    this.#owners.set(id, agent)
    await agent.obey({ type: 'ask', id, wish })
    await this.settle()
    return this.state(id)
  }

  /** A queue in words: `x1 s2 s3` asks exclusively, then shared twice. */
  async queue(words: string, wish: Wish = {}): Promise<void> {
    for (const id of words === '' ? [] : words.split(' ')) {
      const mode: LockMode = id.startsWith('s') ? 'shared' : 'exclusive'
      await this.ask(id, { ...wish, mode })
    }
  }

  /** @returns who holds a lock through it */
  async end(id: string): Promise<string> {
    const before = this.held
    await this.#owners.get(id)?.obey({ type: 'end', id })
    await this.settle()
    return this.held.filter((each) => !before.includes(each)).join(' ')
  }

  /** @returns a fence for who holds the lock, or null */
  async mint(id: string, floor = 0): Promise<number | null> {
    return (await this.#owners.get(id)?.obey({ type: 'mint', id, floor })) ?? null
  }

  /** In the order of asking. */
  get held(): readonly string[] {
    return [...this.#owners.keys()].filter((id) => this.state(id) === 'held')
  }

  state(id: string): ProbeState {
    return this.asked(id).state
  }

  asked(id: string): Asked {
    const asked = this.#asked.find((each) => each.id === id)
    if (asked === undefined) throw new Error(`nobody is called ${id}`)
    return asked
  }

  async list(agent = this.agents[0] as Agent): Promise<PortSnapshot> {
    return foreground(await agent.obey({ type: 'list' }))
  }

  /** Besides `agents`, for one that has left. */
  async settle(agents = this.agents): Promise<void> {
    const looks = await settle(agents, this.patience)
    this.#asked = looks.flatMap(({ asked }) => asked)
  }

  /** Ends everything; throws if anybody was told out of turn, or anything is left. */
  async clear(): Promise<void> {
    const mistakes: string[] = []
    for (const agent of this.agents) {
      const { asked } = await agent.obey({ type: 'look' })
      mistakes.push(...asked.flatMap(({ id, mistakes }) => mistakes.map((it) => `${id}: ${it}`)))
    }
    for (const agent of this.agents) await agent.obey({ type: 'clear' })
    await this.settle()
    const left = await this.list()
    this.#owners.clear()
    same(mistakes, [], 'told out of turn')
    same(left, { held: [], pending: [] }, 'left behind')
  }
}
