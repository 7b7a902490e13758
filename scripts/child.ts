/**
 * A child process that can not outlive its limit: when the time is up, or when this process is
 * interrupted, it is stopped with everything it started. It is interrupted first and killed only
 * after a while, for a browser that Playwright starts is in no group that we could kill, but
 * Playwright closes it when asked. A command that can not be started answers like one that failed.
 */
import { type ChildProcess, spawn } from 'node:child_process'

export interface Ended {
  /** The exit code; `undefined` when it was killed or never started. */
  readonly code: number | undefined
  readonly timedOut: boolean
  /** Its standard output, where `quiet` kept it from the terminal. */
  readonly output: string
  /** The same with its standard error, in the order of arrival. */
  readonly log: string
}

export interface ChildOptions {
  /** ms */
  readonly limit: number
  /** ms between asking it to end and killing it. */
  readonly grace?: number
  readonly quiet?: boolean
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
}

const windows = process.platform === 'win32'
const defaultGrace = 10_000
const alive = new Set<ChildProcess>()
let interrupted = false

export function runChild(
  command: string,
  args: readonly string[],
  { limit, grace = defaultGrace, quiet = false, cwd, env = {} }: ChildOptions,
): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: quiet ? ['ignore', 'pipe', 'pipe'] : ['ignore', 'inherit', 'inherit'],
      // A group of its own, so that a killed command leaves no browser and no server behind.
      detached: !windows,
    })
    alive.add(child)
    let output = ''
    let log = ''
    let timedOut = false
    child.stdout?.on('data', (chunk) => {
      output += chunk
      log += chunk
    })
    child.stderr?.on('data', (chunk) => {
      log += chunk
    })
    const timer = setTimeout(() => {
      timedOut = true
      stop(child, grace)
    }, limit)
    const end = (code: number | null): void => {
      clearTimeout(timer)
      alive.delete(child)
      if (interrupted && alive.size === 0) process.exit(130)
      resolve({ code: code ?? undefined, timedOut, output, log })
    }
    child.on('error', () => end(null))
    child.on('close', end)
  })
}

function stop(child: ChildProcess, grace: number): void {
  signal(child, 'SIGINT')
  setTimeout(() => signal(child, 'SIGKILL'), grace).unref()
}

function signal(child: ChildProcess, name: NodeJS.Signals): void {
  if (child.pid === undefined || !alive.has(child)) return
  try {
    if (windows) spawn('taskkill', ['/pid', String(child.pid), '/t', '/f'])
    else process.kill(-child.pid, name)
  } catch {
    // It ended by itself in between.
  }
}

for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(name, () => {
    interrupted = true
    if (alive.size === 0) process.exit(130)
    for (const child of alive) stop(child, defaultGrace)
  })
}
