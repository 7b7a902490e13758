/**
 * In which order classes of locks were asked for, as Linux's lockdep keeps it: B after A once
 * somebody asked for B while he held A. As long as it has no cycle, locks taken by it cannot
 * deadlock; the acquisition that would close one is found though nothing hangs.
 *
 * Bounded: what comes when it is full is not learned.
 */

/** How B was asked for after A. */
export interface Evidence {
  readonly task: string
  /** Where A was asked for, and B, if call sites are recorded. */
  readonly heldSite: string | undefined
  readonly askedSite: string | undefined
}

export interface Step extends Evidence {
  readonly held: string
  readonly asked: string
}

export const mostClasses = 1_000
export const mostSteps = 10_000

export class OrderGraph {
  /** What was asked for while the key was held. */
  readonly #after = new Map<string, Map<string, Evidence>>()
  readonly #classes = new Set<string>()
  #steps = 0

  knows(held: string, asked: string): boolean {
    return this.#after.get(held)?.has(asked) ?? false
  }

  learn(held: string, asked: string, evidence: () => Evidence): void {
    const classes = this.#classes
    const more = Number(!classes.has(held)) + Number(!classes.has(asked))
    if (this.#steps >= mostSteps || classes.size + more > mostClasses) return
    classes.add(held).add(asked)
    const after = this.#after.get(held) ?? new Map<string, Evidence>()
    this.#after.set(held, after.set(asked, evidence()))
    this.#steps++
  }

  /** The shortest way that leads from one class to another one. */
  way(from: string, to: string): readonly Step[] | undefined {
    const steps = new Map<string, Step>()
    const queue = [from]
    for (const held of queue) {
      for (const [asked, evidence] of this.#after.get(held) ?? []) {
        if (asked === from || steps.has(asked)) continue
        steps.set(asked, { held, asked, ...evidence })
        if (asked === to) return unwind(steps, to)
        queue.push(asked)
      }
    }
    return undefined
  }
}

function unwind(steps: ReadonlyMap<string, Step>, to: string): readonly Step[] {
  const way: Step[] = []
  for (let step = steps.get(to); step !== undefined; step = steps.get(step.held)) way.unshift(step)
  return way
}

/** The class of a lock: the part of its name before the first `:`, so not the key. */
export function classOf(name: string): string {
  const end = name.indexOf(':')
  return end < 0 ? name : name.slice(0, end)
}
