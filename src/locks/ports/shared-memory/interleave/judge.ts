/**
 * Judges what programs noted: that nobody met a rival inside, that the queue was kept, that the
 * robbed were told, and that who comes after the dead is told so. What notes can not tell for
 * sure (a grant that its thread has not noted yet, and then was robbed of) is given the benefit.
 *
 * - Exclusion: from `granted` to `ends` (or to the holder's death, or to a thief's grant) nobody
 *   else holds the name, unless both are shared.
 * - FIFO: a request that was `queued` before another one of its name asked is granted before it,
 *   unless both are shared. Thieves stand outside the queue.
 * - `refused` only where another request of the name was alive meanwhile.
 * - Every surviving request comes to an end, and only the robbed are told of a loss; the robbed who
 *   do not end by themselves are.
 * - Fences rise in the order of the grants.
 * - `abandoned`: after the death of an exclusive holder everybody is told up to and with the next
 *   exclusive one; and nobody is told where no exclusive one died. Thieves make that uncertain.
 */

import { asks, type Note } from './notes'

interface Request {
  readonly id: number
  readonly thread: number
  readonly name: number
  readonly mode: number
  readonly asked: number
  queued: number
  granted: number
  /** From here on it excludes nobody: it ends, its thread died, or it was robbed. */
  over: number
  ended: number
  robbed: boolean
  /** 0 if it has none. */
  fence: number
  /** It waited when a thief came: it may have been granted and robbed before it could note it. */
  doubtful: boolean
}

const never = Number.POSITIVE_INFINITY

class Judge {
  readonly #requests = new Map<number, Request>()
  readonly #dead = new Set<number>()
  /** Names that a holder left by dying, and nobody was told yet. */
  readonly #left = new Set<number>()

  /** Takes the next note. @returns what is wrong */
  hear(note: Note, time: number): string | undefined {
    if (note.kind === 'died') return this.#died(note.thread, time)
    if (note.kind === 'asks') return this.#asks(note, time)
    const request = this.#requests.get(note.request)
    if (request === undefined) return `request ${note.request} is ${note.kind} before it asks`
    switch (note.kind) {
      case 'queued':
        request.queued = Math.min(request.queued, time)
        return undefined
      case 'granted':
        return this.#granted(request, note.detail === 1, time)
      case 'refused':
        request.over = request.ended = time
        if (this.#others(request).some((other) => other.ended > request.asked)) return undefined
        return `${who(request)} was refused, though nobody stood in its way`
      case 'mints':
        return this.#mints(request, note.detail)
      case 'ends':
        request.over = Math.min(request.over, time)
        return undefined
      case 'ended':
        request.ended = time
        return undefined
      case 'lost': {
        request.over = Math.min(request.over, time)
        request.ended = time
        const thief = this.#others(request).some(({ mode }) => mode === asks.steal)
        return thief ? undefined : `${who(request)} was lost, but there is no thief`
      }
    }
  }

  /** What still stands open when all who survive have finished. */
  remains(): string | undefined {
    for (const request of this.#requests.values()) {
      if (this.#dead.has(request.thread) || request.ended !== never) continue
      return request.robbed
        ? `${who(request)} was robbed and never told`
        : `${who(request)} never came to an end`
    }
    return undefined
  }

  #asks({ request: id, thread, name, detail: mode }: Note, time: number): undefined {
    const open = { queued: never, granted: never, over: never, ended: never }
    const request = { id, thread, name, mode, asked: time, ...open }
    this.#requests.set(id, { ...request, robbed: false, fence: 0, doubtful: false })
  }

  #died(thread: number, time: number): undefined {
    this.#dead.add(thread)
    for (const request of this.#requests.values()) {
      if (request.thread !== thread || request.over !== never) continue
      request.over = time
      if (request.granted === never || request.mode === asks.shared) continue
      const stolen = this.#others(request).some(({ mode }) => mode === asks.steal)
      if (!stolen) this.#left.add(request.name)
    }
  }

  #granted(request: Request, abandoned: boolean, time: number): string | undefined {
    request.granted = time
    const others = this.#others(request)
    if (request.mode === asks.steal) {
      for (const other of others) {
        if (other.over !== never) continue
        if (other.granted === never) other.doubtful = true
        else {
          other.over = time
          other.robbed = true
        }
      }
    }
    const rival = others.find(
      (other) => other.granted !== never && other.over === never && rivals(other, request),
    )
    // It may have been robbed before it could note that it was granted.
    if (request.doubtful) request.over = Math.min(request.over, time)
    else if (rival !== undefined) return `${who(rival)} and ${who(request)} hold one lock`

    const first = others.find(
      (other) =>
        other.queued < request.asked &&
        other.granted === never &&
        other.over === never &&
        !other.doubtful &&
        rivals(other, request),
    )
    if (first !== undefined && request.mode !== asks.steal) {
      return `${who(request)} overtook ${who(first)}`
    }
    return this.#abandoned(request, abandoned, others)
  }

  #mints(request: Request, fence: number): string | undefined {
    request.fence = fence
    if (fence <= 0) return `${who(request)} was given ${fence} as fence`
    for (const other of this.#others(request)) {
      // When it was granted nobody knows.
      if (other.fence === 0 || other.doubtful || request.doubtful) continue
      if (other.granted < request.granted === other.fence < fence && other.fence !== fence) continue
      return `${who(request)} was given the fence ${fence}, and ${who(other)} ${other.fence}`
    }
    return undefined
  }

  #abandoned(request: Request, told: boolean, others: readonly Request[]): string | undefined {
    const { name, mode } = request
    if (told) {
      if (mode !== asks.shared) this.#left.delete(name)
      if (others.some((other) => this.#mayHaveLeft(other))) return undefined
      return `${who(request)} was told that the last holder died, but nobody did`
    }
    if (!this.#left.has(name) || request.doubtful) return undefined
    return `${who(request)} was not told that the last holder died`
  }

  #mayHaveLeft({ thread, mode, ended }: Request): boolean {
    return this.#dead.has(thread) && mode !== asks.shared && ended === never
  }

  #others(request: Request): readonly Request[] {
    return [...this.#requests.values()].filter(
      (other) => other !== request && other.name === request.name,
    )
  }
}

function rivals(one: Request, other: Request): boolean {
  return one.mode !== asks.shared || other.mode !== asks.shared
}

function who({ thread, id, mode }: Request): string {
  const kind = mode === asks.shared ? 'shared' : mode === asks.steal ? 'stealing' : 'exclusive'
  return `thread ${thread}'s ${kind} request ${id % 16}`
}

/** @returns what is wrong, in a sentence; `undefined` if nothing is. */
export function judge(notes: readonly Note[], finished: boolean): string | undefined {
  const judging = new Judge()
  for (const [time, note] of notes.entries()) {
    const wrong = judging.hear(note, time)
    if (wrong !== undefined) return wrong
  }
  return finished ? judging.remains() : undefined
}
