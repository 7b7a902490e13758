/**
 * A schedule: the decisions of one run, as numbers and as a short string that plays it again.
 * `0x14.1x3.k0.t2` is: thread 0 goes on at 14 decisions, thread 1 at 3, thread 0 is killed, the
 * first wait of thread 2 times out. After the last one, whoever runs goes on as long as it can.
 */

const runs = 0
const kills = 8
const timeouts = 16

export const action = {
  run: (thread: number): number => runs + thread,
  kill: (thread: number): number => kills + thread,
  timeout: (thread: number): number => timeouts + thread,
}

export type Action =
  | { readonly does: 'run'; readonly thread: number }
  | { readonly does: 'kill'; readonly thread: number }
  | { readonly does: 'timeout'; readonly thread: number }

export function readAction(value: number): Action {
  if (value >= timeouts) return { does: 'timeout', thread: value - timeouts }
  if (value >= kills) return { does: 'kill', thread: value - kills }
  return { does: 'run', thread: value - runs }
}

const letters = { run: '', kill: 'k', timeout: 't' } as const

export function formatSchedule(actions: readonly number[]): string {
  const parts: string[] = []
  for (let from = 0; from < actions.length; ) {
    let to = from
    while (to < actions.length && actions[to] === actions[from]) to++
    const { does, thread } = readAction(actions[from] ?? 0)
    parts.push(`${letters[does]}${thread}${to - from > 1 ? `x${to - from}` : ''}`)
    from = to
  }
  return parts.join('.')
}

export function parseSchedule(text: string): readonly number[] {
  if (text === '') return []
  return text.split('.').flatMap((part) => {
    const match = /^([kt]?)(\d)(?:x(\d+))?$/.exec(part)
    if (match === null) throw new TypeError(`No schedule: '${part}' in '${text}'`)
    const [, letter, thread, times = '1'] = match
    const base = letter === 'k' ? kills : letter === 't' ? timeouts : runs
    return Array.from({ length: Number(times) }, () => base + Number(thread))
  })
}
