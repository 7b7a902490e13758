/**
 * A Chromium for the browser tests, found or fetched without anybody's help, in this order:
 * the one named by `LATCHKEY_CHROMIUM`, an installed Chromium or Chrome, Playwright's own, the
 * system's package. Each is believed only when it answers `--version`; each attempt to fetch one is
 * bounded, for on a closed network a download may hang instead of failing.
 */
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runChild } from './child'
import { root, tool } from './tool'

export interface Browser {
  readonly path: string
  readonly version: string
  readonly origin: string
}

/** All that the choice depends on; passed in, so that a test can play any machine. */
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

export class NoBrowserError extends Error {
  override readonly name = 'NoBrowserError'
}

const answerLimit = 20_000
const downloadLimit = 120_000
const packageLimit = 300_000

const commands = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome']

const places: Partial<Record<NodeJS.Platform, readonly string[]>> = {
  darwin: [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
  ],
  win32: [
    'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
    'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
    'C:\\Program Files\\Chromium\\Application\\chrome.exe',
  ],
}

/** Package managers that call the package `chromium`, and how each installs it unasked. */
const packageManagers: Readonly<Record<string, readonly (readonly string[])[]>> = {
  'apt-get': [['update'], ['install', '-y', '--no-install-recommends', 'chromium']],
  apk: [['add', 'chromium']],
  dnf: [['install', '-y', 'chromium']],
  pacman: [['-Sy', '--noconfirm', 'chromium']],
}

/** @throws NoBrowserError */
export async function findBrowser(machine: Machine): Promise<Browser> {
  const asked = machine.env.LATCHKEY_CHROMIUM
  if (asked) {
    const browser = await answering(machine, asked, 'LATCHKEY_CHROMIUM')
    if (browser) return browser
    throw new NoBrowserError(`LATCHKEY_CHROMIUM names ${asked}, which does not run.`)
  }
  const browser =
    (await installed(machine)) ?? (await playwrights(machine)) ?? (await packaged(machine))
  if (browser) return browser
  throw new NoBrowserError(
    'No browser: no Chromium or Chrome is installed, Playwright could not download one, and the ' +
      "system's packages gave none. Install Chromium, or name one with LATCHKEY_CHROMIUM.",
  )
}

async function answering(
  machine: Machine,
  path: string,
  origin: string,
): Promise<Browser | undefined> {
  // On Windows `--version` opens a window instead of answering.
  if (machine.platform === 'win32') {
    return machine.exists(path) ? { path, version: 'of unknown version', origin } : undefined
  }
  const answer = await machine.run(path, ['--version'], { limit: answerLimit })
  const version = answer?.match(/\b(?:Chromium|Chrome)\b.*?\d[\d.]*/)?.[0]
  return version === undefined ? undefined : { path, version, origin }
}

async function installed(machine: Machine): Promise<Browser | undefined> {
  const paths = [
    ...commands.flatMap((command) => which(machine, command) ?? []),
    ...(places[machine.platform] ?? []).filter((path) => machine.exists(path)),
  ]
  for (const path of paths) {
    const browser = await answering(machine, path, 'installed')
    if (browser) return browser
  }
  return undefined
}

function which(machine: Machine, command: string): string | undefined {
  const suffix = machine.platform === 'win32' ? '.exe' : ''
  return (machine.env.PATH ?? '')
    .split(delimiter)
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, command + suffix))
    .find((path) => machine.exists(path))
}

async function playwrights(machine: Machine): Promise<Browser | undefined> {
  // One downloaded earlier, to wherever this machine keeps them; else one of our own.
  const own = { PLAYWRIGHT_BROWSERS_PATH: join(root, 'node_modules', '.cache', 'browsers') }
  for (const env of [{}, own]) {
    const path = await playwrightsPath(machine, env)
    const browser = path && (await answering(machine, path, "Playwright's own"))
    if (browser) return browser
  }

  const limit = downloadLimit
  machine.say(`No Chromium is installed; downloading Playwright's (${limit / 1000} s at most).`)
  await playwright(machine, ['install', '--no-shell', 'chromium'], { limit, env: own })
  const path = await playwrightsPath(machine, own)
  if (path === undefined) return undefined
  const browser = await answering(machine, path, "Playwright's own, downloaded")
  if (browser || machine.platform !== 'linux' || !(await privilege(machine))) return browser

  // Downloaded, yet it does not start: a bare Linux lacks the libraries that it links to.
  machine.say("Installing the system's libraries that Playwright's Chromium needs.")
  await playwright(machine, ['install-deps', 'chromium'], { limit: packageLimit, env: own })
  return answering(machine, path, "Playwright's own, downloaded")
}

function playwright(
  machine: Machine,
  args: readonly string[],
  options: RunOptions,
): Promise<string | undefined> {
  return machine.run(process.execPath, [tool('playwright'), ...args], options)
}

async function playwrightsPath(
  machine: Machine,
  env: Readonly<Record<string, string>>,
): Promise<string | undefined> {
  // In a process of its own: Playwright reads its browsers' folder once, when it is loaded.
  const script = "console.log(require('playwright').chromium.executablePath())"
  const answer = await machine.run(process.execPath, ['-e', script], { limit: answerLimit, env })
  const path = answer?.trim()
  return path && machine.exists(path) ? path : undefined
}

async function packaged(machine: Machine): Promise<Browser | undefined> {
  const manager = Object.keys(packageManagers).find((name) => which(machine, name) !== undefined)
  const prefix = await privilege(machine)
  if (manager === undefined || prefix === undefined) return undefined

  machine.say(`Installing the system's package of Chromium with ${manager}.`)
  for (const args of packageManagers[manager] ?? []) {
    const [command, ...rest] = [
      ...prefix,
      'env',
      'DEBIAN_FRONTEND=noninteractive',
      manager,
      ...args,
    ]
    if (command !== undefined) await machine.run(command, rest, { limit: packageLimit })
  }
  const browser = await installed(machine)
  return browser && { ...browser, origin: "the system's package" }
}

/** What to put before a command that needs root; `undefined` where a password would be asked. */
async function privilege(machine: Machine): Promise<readonly string[] | undefined> {
  if (machine.isRoot) return []
  const allowed = await machine.run('sudo', ['-n', 'true'], { limit: answerLimit })
  return allowed === undefined ? undefined : ['sudo', '-n']
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

/** `findBrowser` for a program: one line that says which one it took, or one that says why none. */
export async function takeBrowser(): Promise<string> {
  try {
    const { path, version, origin } = await findBrowser(thisMachine)
    console.log(`Browser: ${version}, ${origin} (${path})`)
    return path
  } catch (error) {
    if (!(error instanceof NoBrowserError)) throw error
    console.error(error.message)
    process.exit(1)
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await takeBrowser()
