/** A program that is installed, or that a variable of the environment names; believed if it answers. */

import { answerLimit, type Machine, which } from './machine'

export interface Program {
  /** The variable that may name it, before all others. */
  readonly variable: string
  readonly commands: readonly string[]
  readonly places?: Partial<Record<NodeJS.Platform, readonly string[]>>
  /** How it is made to answer; default: `--version`. */
  readonly argument?: string
  /** What it has to answer; absent where it answers nothing, and has to be there only. */
  readonly version?: RegExp
}

export interface Found {
  readonly path: string
  readonly version: string
  readonly origin: string
}

export class NoProgramError extends Error {
  override readonly name = 'NoProgramError'
}

/** @throws NoProgramError if the variable names one that does not run */
export async function findInstalled(
  machine: Machine,
  program: Program,
): Promise<Found | undefined> {
  const { variable, commands, places = {} } = program
  const asked = machine.env[variable]
  if (asked) {
    const found = await programAt(machine, program, asked, variable)
    if (found) return found
    throw new NoProgramError(`${variable} names ${asked}, which does not run.`)
  }
  const paths = [
    ...commands.flatMap((command) => which(machine, command) ?? []),
    ...(places[machine.platform] ?? []).filter((path) => machine.exists(path)),
  ]
  for (const path of paths) {
    const found = await programAt(machine, program, path, 'installed')
    if (found) return found
  }
  return undefined
}

export async function programAt(
  machine: Machine,
  { argument = '--version', version }: Program,
  path: string,
  origin: string,
): Promise<Found | undefined> {
  // On Windows `--version` opens a browser's window instead of answering.
  if (version === undefined || machine.platform === 'win32') {
    return machine.exists(path) ? { path, version: 'of unknown version', origin } : undefined
  }
  const answer = await machine.run(path, [argument], { limit: answerLimit })
  const said = answer?.match(version)?.[0]
  return said === undefined ? undefined : { path, version: said, origin }
}
