/**
 * A program that serves us, such as a browser or its driver: it has a group of its own, which is
 * killed when it has served, when this process ends, and when it is interrupted.
 */

import { type ChildProcess, spawn } from 'node:child_process'
import type { Readable } from 'node:stream'
import { within } from '../../e2e/conformance/check'

export interface Program {
  /** What the pattern first found in what it said, or will have said within `limit` ms. */
  said(pattern: RegExp, limit: number): Promise<RegExpMatchArray>
  /** Resolves when it has ended, with all that it started. */
  stop(): Promise<void>
}

const alive = new Set<ChildProcess>()

export function startProgram(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Program {
  const child = spawn(command, args, {
    env: { ...process.env, ...env },
    // The fourth is where Xvfb writes which display it took.
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    detached: true,
  })
  alive.add(child)
  let log = ''
  const heard = new Set<() => void>()
  const hear = (text: unknown) => {
    log += text
    for (const look of heard) look()
  }
  for (const stream of child.stdio.slice(1)) (stream as Readable | null)?.on('data', hear)
  const ended = new Promise<void>((resolve) => {
    const end = (error: unknown) => {
      alive.delete(child)
      hear(error instanceof Error ? error.message : '')
      resolve()
    }
    child.on('error', end)
    child.on('close', end)
  })
  return {
    said(pattern, limit) {
      const found = new Promise<RegExpMatchArray>((resolve, reject) => {
        const look = () => {
          const match = pattern.exec(log)
          if (match === null && alive.has(child)) return
          heard.delete(look)
          if (match !== null) resolve(match)
          else reject(new Error(`${command} ended: ${log.slice(-500)}`))
        }
        heard.add(look)
        look()
      })
      return within(limit, `${command} to say ${pattern}`, found)
    },
    stop() {
      kill(child)
      return ended
    },
  }
}

function kill(child: ChildProcess): void {
  if (child.pid === undefined || !alive.has(child)) return
  try {
    process.kill(-child.pid, 'SIGKILL')
  } catch {
    // It ended by itself in between.
  }
}

process.on('exit', () => {
  for (const child of alive) kill(child)
})
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(name, () => process.exit(130))
}
