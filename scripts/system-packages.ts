/**
 * Installs packages of the system, but never unasked on somebody's own machine: only where root
 * runs us and nobody's work is at stake (a container, a CI machine, or Debian's apt, which adds a
 * package and changes nothing else), or where a CI machine lets us become root. Elsewhere it says
 * which command to run.
 */

import { answerLimit, type Machine, which } from './machine'

/** What a package is called by each manager that has it. */
export type Packages = Readonly<Partial<Record<PackageManager, readonly string[]>>>

export type PackageManager = keyof typeof managers

interface Manager {
  /** Installs unasked. pacman knows no single package that is newer than the system. */
  readonly unasked: readonly (readonly string[])[]
  /** For people, before the packages' names. */
  readonly command: string
}

const managers = {
  'apt-get': {
    unasked: [['update'], ['install', '-y', '--no-install-recommends']],
    command: 'apt-get install',
  },
  apk: { unasked: [['add']], command: 'apk add' },
  dnf: { unasked: [['install', '-y']], command: 'dnf install' },
  pacman: { unasked: [['-Syu', '--noconfirm']], command: 'pacman -S' },
} satisfies Readonly<Record<string, Manager>>

/** ms for each command of a package manager. */
export const packageLimit = 300_000

/** @returns whether anything was tried; whether it helped is for the caller to see */
export async function installPackages(
  machine: Machine,
  what: string,
  packages: Packages,
): Promise<boolean> {
  const names = Object.keys(managers) as readonly PackageManager[]
  const manager = names.find((name) => which(machine, name) !== undefined)
  const wanted = manager && packages[manager]
  if (manager === undefined || wanted === undefined) return false

  const prefix = await rootPrefix(machine, manager)
  if (prefix === undefined) {
    machine.say(`To install ${what}: sudo ${managers[manager].command} ${wanted.join(' ')}`)
    return false
  }
  machine.say(`Installing ${what} with ${manager}: ${wanted.join(' ')}.`)
  for (const args of managers[manager].unasked) {
    const last = args === managers[manager].unasked.at(-1)
    const [command, ...rest] = [
      ...prefix,
      'env',
      'DEBIAN_FRONTEND=noninteractive',
      manager,
      ...args,
      ...(last ? wanted : []),
    ]
    if (command !== undefined) await machine.run(command, rest, { limit: packageLimit })
  }
  return true
}

/** What to put before a command that needs root; `undefined` where it is not for us to run it. */
export async function rootPrefix(
  machine: Machine,
  manager: PackageManager | undefined,
): Promise<readonly string[] | undefined> {
  const ci = Boolean(machine.env.CI)
  const container = ['/.dockerenv', '/run/.containerenv'].some((path) => machine.exists(path))
  if (machine.isRoot) return ci || container || manager === 'apt-get' ? [] : undefined
  if (!ci) return undefined
  // Where a password would be asked, it fails.
  const allowed = await machine.run('sudo', ['-n', 'true'], { limit: answerLimit })
  return allowed === undefined ? undefined : ['sudo', '-n']
}
