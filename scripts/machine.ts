/** All that finding and installing programs depends on; passed in, so that a test can play any machine. */

import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { runChild } from './child'
import { root } from './tool'

export interface Machine {
  readonly platform: NodeJS.Platform
  readonly env: Readonly<Record<string, string | undefined>>
  readonly isRoot: boolean
  exists(path: string): boolean
  /** Runs silently. `undefined` when it fails, is killed at its limit (ms) or is not there. */
  run(command: string, args: readonly string[], options: RunOptions): Promise<string | undefined>
  say(line: string): void
}

export interface RunOptions {
  readonly limit: number
  readonly env?: Readonly<Record<string, string>>
}

/** ms for a program to say its version. */
export const answerLimit = 20_000

/** Where a command is, if it is in the `PATH`. */
export function which(machine: Machine, command: string): string | undefined {
  const suffix = machine.platform === 'win32' ? '.exe' : ''
  return (machine.env.PATH ?? '')
    .split(delimiter)
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, command + suffix))
    .find((path) => machine.exists(path))
}

export const thisMachine: Machine = {
  platform: process.platform,
  env: process.env,
  isRoot: process.getuid?.() === 0,
  exists: existsSync,
  run: async (command, args, options) => {
    const { code, output } = await runChild(command, args, { ...options, quiet: true, cwd: root })
    return code === 0 ? output : undefined
  },
  say: (line) => console.log(line),
}
