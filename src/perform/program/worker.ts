/** A worker that plays one thread of a program, with detection on, until its page ends it. */

import { createLocks } from '../../locks'
import { detectDeadlocks } from '../../locks/deadlock'
import { playStatements } from './play-statements'
import type { FromThread, PlayOrder, ToThread } from './protocol'
import type { Mark } from './types'

let start: ((at: number) => void) | undefined

function tell(message: FromThread): void {
  postMessage(message)
}

self.onmessage = ({ data }: MessageEvent<ToThread>) => {
  switch (data.type) {
    case 'start':
      start?.(data.at)
      return
    case 'ping':
      tell({ type: 'pong', time: clock() })
      return
    case 'prepare':
      play(data).catch((error: unknown) =>
        tell({ type: 'failed', message: error instanceof Error ? error.message : String(error) }),
      )
  }
}

const clock = () => performance.timeOrigin + performance.now()

async function play(order: PlayOrder): Promise<void> {
  const { thread, name, statements, prefix, policy, memory, variables, turns, after } = order
  const deadlock = detectDeadlocks({ after })
  const locks =
    memory === undefined
      ? createLocks({ deadlock })
      : createLocks({ reach: 'cluster', memory, deadlock })
  const task = locks.task(name)
  // Before the clock runs: the first lock of a realm takes longer than others.
  ;(await task.mutex(`${prefix}warm ${thread}`).acquire()).release()
  const began = new Promise<number>((resolve) => {
    start = resolve
  })
  tell({ type: 'ready' })
  const at = await began
  const now = () => clock() - at
  let next = 0
  let latest = 0
  const turn = async () => {
    const due = turns[next++]
    const wait = due === undefined ? 0 : due - now()
    if (wait <= 0) return
    await new Promise((resolve) => setTimeout(resolve, wait))
    const by = now() - (due ?? 0)
    if (by <= latest) return
    latest = by
    tell({ type: 'late', by })
  }
  // The page does not ask it to stop: it ends the worker.
  const { signal } = new AbortController()
  const mark = (each: Mark) => tell({ type: 'mark', mark: each })
  const part = { thread, statements, task, prefix, policy, variables, turn, now, signal }
  tell({ type: 'end', end: await playStatements({ ...part, tell: mark }) })
}
