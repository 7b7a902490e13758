/**
 * The three engines, each in whatever browser this machine has, else in the system's package where
 * that may be installed unasked. What is missing of the latter two is installed together: a
 * package manager does one thing at a time.
 */

import { findBrowser } from '../find-browser'
import { type Found, findInstalled, NoProgramError, type Program } from '../find-program'
import type { Machine } from '../machine'
import { installPackages, type PackageManager, type Packages } from '../system-packages'
import { chromiumEngine } from './chromium'
import type { Engine } from './engine'
import { firefoxEngine } from './firefox'
import { webkitEngine } from './webkit'

export type EngineName = 'Chromium' | 'Firefox' | 'WebKit'

export const engineNames: readonly EngineName[] = ['Chromium', 'Firefox', 'WebKit']

export type Taken =
  | { readonly name: EngineName; readonly engine: Engine; readonly origin: string }
  | {
      readonly name: EngineName
      readonly missing: string
      /** Whether this system could have it. */
      readonly available: boolean
    }

/** An engine that is made of programs, each of which may have to be installed. */
interface Wanted {
  readonly programs: readonly Program[]
  readonly packages: Packages
  /** Where there is any; absent: everywhere. */
  readonly platforms?: readonly NodeJS.Platform[]
  /** How people get it. */
  readonly advice: string
  make(paths: readonly string[]): Engine
}

const wanted: Readonly<Record<Exclude<EngineName, 'Chromium'>, Wanted>> = {
  Firefox: {
    programs: [
      {
        variable: 'LATCHKEY_FIREFOX',
        commands: ['firefox-esr', 'firefox'],
        places: {
          darwin: ['/Applications/Firefox.app/Contents/MacOS/firefox'],
          win32: ['C:\\Program Files\\Mozilla Firefox\\firefox.exe'],
        },
        version: /Mozilla Firefox [\d.]+\w*/,
      },
    ],
    packages: {
      'apt-get': ['firefox-esr'],
      apk: ['firefox-esr'],
      dnf: ['firefox'],
      pacman: ['firefox'],
    },
    advice: 'Install Firefox, or name one with LATCHKEY_FIREFOX.',
    make: ([path = '']) => firefoxEngine(path),
  },
  WebKit: {
    programs: [
      {
        variable: 'LATCHKEY_WEBKIT_DRIVER',
        commands: ['WebKitWebDriver'],
        argument: '--help',
        version: /WebKitWebDriver/,
      },
      { variable: 'LATCHKEY_XVFB', commands: ['Xvfb'] },
    ],
    packages: { 'apt-get': ['webkit2gtk-driver', 'xvfb'] },
    platforms: ['linux'],
    advice:
      'Install WebKitGTK with its WebKitWebDriver, and Xvfb (Linux only), or name them with ' +
      'LATCHKEY_WEBKIT_DRIVER and LATCHKEY_XVFB.',
    make: ([driver = '', xvfb = '']) => webkitEngine(driver, xvfb),
  },
}

export async function findEngines(
  machine: Machine,
  names: readonly EngineName[] = engineNames,
): Promise<readonly Taken[]> {
  const others = names.filter((name) => name !== 'Chromium')
  const absent: (keyof typeof wanted)[] = []
  for (const name of others) {
    const found = await programsOf(machine, wanted[name])
    if (found === undefined && isAvailable(machine, wanted[name])) absent.push(name)
  }
  const packages = union(absent.map((name) => wanted[name].packages))
  const installed =
    absent.length > 0 && (await installPackages(machine, absent.join(' and '), packages))
  const taken: Taken[] = []
  for (const name of names) {
    if (name === 'Chromium') {
      taken.push(await takeChromium(machine))
    } else {
      const found = await programsOf(machine, wanted[name])
      const origin = installed && absent.includes(name) ? "the system's package" : undefined
      taken.push(
        found === undefined
          ? { name, missing: wanted[name].advice, available: isAvailable(machine, wanted[name]) }
          : {
              name,
              engine: wanted[name].make(found.map(({ path }) => path)),
              origin: origin ?? found.map((each) => `${each.origin} (${each.path})`).join(', '),
            },
      )
    }
  }
  return taken
}

async function takeChromium(machine: Machine): Promise<Taken> {
  const name = 'Chromium'
  try {
    const { path, origin } = await findBrowser(machine)
    return { name, engine: chromiumEngine(path), origin: `${origin} (${path})` }
  } catch (error) {
    if (!(error instanceof NoProgramError)) throw error
    return { name, missing: error.message, available: true }
  }
}

function isAvailable({ platform }: Machine, { platforms }: Wanted): boolean {
  return platforms?.includes(platform) ?? true
}

/** All of them, or `undefined`. One that is named, but does not run, counts as missing. */
async function programsOf(
  machine: Machine,
  { programs }: Wanted,
): Promise<readonly Found[] | undefined> {
  const found: Found[] = []
  for (const program of programs) {
    const one = await findInstalled(machine, program).catch((error: unknown) => {
      if (!(error instanceof NoProgramError)) throw error
      machine.say(error.message)
      return undefined
    })
    if (one === undefined) return undefined
    found.push(one)
  }
  return found
}

function union(all: readonly Packages[]): Packages {
  const united: Partial<Record<PackageManager, readonly string[]>> = {}
  for (const packages of all) {
    for (const [manager, names] of Object.entries(packages) as [PackageManager, string[]][]) {
      united[manager] = [...(united[manager] ?? []), ...names]
    }
  }
  return united
}
