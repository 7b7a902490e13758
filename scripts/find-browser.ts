/**
 * A Chromium for the browser tests, found or fetched without anybody's help, in this order:
 * the one named by `LATCHKEY_CHROMIUM`, an installed Chromium or Chrome, Playwright's own, the
 * system's package where that may be installed unasked (system-packages.ts). Each is believed only
 * when it answers `--version`; each attempt to fetch one is bounded, for on a closed network a download may hang instead of failing.
 */
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Found, findInstalled, NoProgramError, type Program, programAt } from './find-program'
import { answerLimit, type Machine, type RunOptions, thisMachine, which } from './machine'
import { installPackages, type Packages, packageLimit, rootPrefix } from './system-packages'
import { root, tool } from './tool'

const downloadLimit = 120_000

const chromium: Program = {
  variable: 'LATCHKEY_CHROMIUM',
  commands: ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'],
  places: {
    darwin: [
      '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
      '/Applications/Chromium.app/Contents/MacOS/Chromium',
    ],
    win32: [
      'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
      'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
      'C:\\Program Files\\Chromium\\Application\\chrome.exe',
    ],
  },
  version: /\b(?:Chromium|Chrome)\b.*?\d[\d.]*/,
}

export const chromiumPackages: Packages = {
  'apt-get': ['chromium'],
  apk: ['chromium'],
  dnf: ['chromium'],
  pacman: ['chromium'],
}

/** @throws NoProgramError */
export async function findBrowser(machine: Machine): Promise<Found> {
  const browser =
    (await findInstalled(machine, chromium)) ??
    (await playwrights(machine)) ??
    (await packaged(machine))
  if (browser) return browser
  throw new NoProgramError(
    'No browser: no Chromium or Chrome is installed, Playwright could not download one, and the ' +
      "system's packages gave none. Install Chromium, or name one with LATCHKEY_CHROMIUM.",
  )
}

async function playwrights(machine: Machine): Promise<Found | undefined> {
  // One downloaded earlier, to wherever this machine keeps them; else one of our own.
  const own = { PLAYWRIGHT_BROWSERS_PATH: join(root, 'node_modules', '.cache', 'browsers') }
  for (const env of [{}, own]) {
    const path = await playwrightsPath(machine, env)
    const browser = path && (await programAt(machine, chromium, path, "Playwright's own"))
    if (browser) return browser
  }

  const limit = downloadLimit
  machine.say(`No Chromium is installed; downloading Playwright's (${limit / 1000} s at most).`)
  await playwright(machine, ['install', '--no-shell', 'chromium'], { limit, env: own })
  const path = await playwrightsPath(machine, own)
  if (path === undefined) return undefined
  const browser = await programAt(machine, chromium, path, "Playwright's own, downloaded")
  const debian = which(machine, 'apt-get') !== undefined
  if (browser || !debian || !(await rootPrefix(machine, 'apt-get'))) return browser

  // Downloaded, yet it does not start: a bare Linux lacks the libraries that it links to.
  machine.say("Installing the system's libraries that Playwright's Chromium needs.")
  await playwright(machine, ['install-deps', 'chromium'], { limit: packageLimit, env: own })
  return programAt(machine, chromium, path, "Playwright's own, downloaded")
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

async function packaged(machine: Machine): Promise<Found | undefined> {
  if (!(await installPackages(machine, 'Chromium', chromiumPackages))) return undefined
  const browser = await findInstalled(machine, chromium)
  return browser && { ...browser, origin: "the system's package" }
}

/** `findBrowser` for a program: one line that says which one it took, or one that says why none. */
export async function takeBrowser(): Promise<string> {
  try {
    const { path, version, origin } = await findBrowser(thisMachine)
    console.log(`Browser: ${version}, ${origin} (${path})`)
    return path
  } catch (error) {
    if (!(error instanceof NoProgramError)) throw error
    console.error(error.message)
    process.exit(1)
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await takeBrowser()
