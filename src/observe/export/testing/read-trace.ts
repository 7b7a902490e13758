/**
 * Reads a trace by the rules of its format ("Trace Event Format") and of Perfetto's importer, and
 * throws where it breaks one: slices of a thread nest, arrows have two ends in slices, time goes on.
 */

export interface TraceSlice {
  readonly name: string
  readonly start: number
  readonly end: number
  /** Thread and process, by name. */
  readonly track: string
  /** Names of the slices around it, the outermost first. */
  readonly inside: readonly string[]
  readonly args: Readonly<Record<string, unknown>>
}

export interface ReadTrace {
  readonly slices: readonly TraceSlice[]
  /** The slice that an arrow leaves, the one that it enters, and when: µs. */
  readonly flows: readonly (readonly [
    from: TraceSlice,
    to: TraceSlice,
    start: number,
    end: number,
  ])[]
  /** What happened at one time: `name time`. */
  readonly marks: readonly string[]
  readonly counters: Readonly<Record<string, readonly (readonly [number, number])[]>>
}

interface Raw {
  readonly ph: string
  readonly name: string
  readonly ts: number
  readonly pid: number
  readonly tid?: number
  readonly dur?: number
  readonly id?: number
  readonly bp?: string
  readonly args?: Readonly<Record<string, unknown>>
}

export function readTrace(text: string): ReadTrace {
  const { traceEvents } = JSON.parse(text) as { traceEvents: readonly Raw[] }
  const names = namesOf(traceEvents)
  const open = new Map<string, TraceSlice[]>()
  const slices: TraceSlice[] = []
  const starts = new Map<number, readonly [TraceSlice, number]>()
  const flows: [TraceSlice, TraceSlice, number, number][] = []
  const counters: Record<string, [number, number][]> = Object.create(null)
  const marks: string[] = []
  let now = 0
  for (const event of traceEvents) {
    const { ph, name, ts, pid, tid, dur = -1, id = -1, args = {} } = event
    if (!Number.isSafeInteger(ts) || ts < now) throw new Error(`time ${ts} after ${now}`)
    now = ts
    if (ph === 'M') continue
    if (ph === 'C') {
      counters[name] ??= []
      counters[name].push([ts, Number(args.waiting)])
      continue
    }
    const track = names.get(`${pid} ${tid}`)
    if (track === undefined) throw new Error(`thread ${tid} of ${pid} has no name`)
    const stack = open.get(track) ?? []
    open.set(track, stack)
    if (ph === 'i') {
      marks.push(`${name} ${ts}`)
    } else if (ph === 'X') {
      while (stack.length > 0 && (stack.at(-1)?.end ?? 0) <= ts) stack.pop()
      const end = ts + dur
      const outer = stack.at(-1)
      if (!Number.isSafeInteger(dur) || dur < 0) throw new Error(`duration ${dur}`)
      if (outer && outer.end < end) throw new Error(`${name} overlaps ${outer.name} at ${ts}`)
      const slice = { name, start: ts, end, track, inside: stack.map((each) => each.name), args }
      stack.push(slice)
      slices.push(slice)
    } else {
      const around = stack.findLast(({ start, end }) => start <= ts && (ts < end || start === end))
      if (around === undefined) throw new Error(`an arrow's end at ${ts} is in no slice`)
      if (ph === 's') {
        if (starts.has(id)) throw new Error(`arrow ${id} begins twice`)
        starts.set(id, [around, ts])
      } else if (ph === 'f' && event.bp === 'e') {
        const start = starts.get(id)
        if (start === undefined) throw new Error(`arrow ${id} has no beginning`)
        starts.delete(id)
        flows.push([start[0], around, start[1], ts])
      } else throw new Error(`phase ${ph}`)
    }
  }
  if (starts.size > 0) throw new Error(`${starts.size} arrows have no end`)
  return { slices, flows, marks, counters }
}

function namesOf(events: readonly Raw[]): ReadonlyMap<string, string> {
  const nameOf = (wanted: string, of: (event: Raw) => string) =>
    new Map(
      events
        .filter(({ ph, name }) => ph === 'M' && name === wanted)
        .map((event) => [of(event), String(event.args?.name)]),
    )
  const processes = nameOf('process_name', ({ pid }) => `${pid}`)
  const threads = nameOf('thread_name', ({ pid, tid }) => `${pid} ${tid}`)
  return new Map(
    [...threads].map(([key, name]) => [
      key,
      `${processes.get(key.split(' ')[0] ?? '')} / ${name} #${key}`,
    ]),
  )
}
