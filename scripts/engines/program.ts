/**
 * A program that serves us, such as a browser or its driver: it has a group of its own, which is
 * ended when it has served, and killed when this process ends or is interrupted.
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

/** ms between asking a program to end and killing it. */
const grace = 2_000

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
    async stop() {
      // A display that is asked to end takes its lock file along.
      signal(child, 'SIGTERM')
      const timer = setTimeout(() => signal(child, 'SIGKILL'), grace)
      await ended
      clearTimeout(timer)
    },
  }
}

function signal(child: ChildProcess, name: NodeJS.Signals): void {
  if (child.pid === undefined || !alive.has(child)) return
  try {
    process.kill(-child.pid, name)
  } catch {
    // It ended by itself in between.
  }
}

process.on('exit', () => {
  for (const child of alive) signal(child, 'SIGKILL')
})
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(name, () => process.exit(130))
}
