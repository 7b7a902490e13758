import { join } from 'node:path'
import { expect, it } from 'vitest'
import { findBrowser } from './find-browser'
import { NoProgramError } from './find-program'
import type { Machine } from './machine'

interface Played extends Machine {
  readonly ran: string[]
  readonly said: string[]
}

interface Play {
  readonly env?: Record<string, string>
  readonly platform?: NodeJS.Platform
  readonly isRoot?: boolean
  /** Files that exist; the answer of those that run. */
  readonly files: Record<string, string | undefined>
  /** What a command leaves behind, by a piece of its command line; `false` makes it fail. */
  readonly effects?: Record<string, Record<string, string> | false>
}

const version = 'Chromium 140.0.1 built on Debian'
const downloaded = '/cache/chrome'

function machine({ env = {}, platform = 'linux', isRoot = false, files, effects = {} }: Play) {
  const there = { ...files }
  const played: Played = {
    ran: [],
    said: [],
    platform,
    env: { PATH: '/bin', ...env },
    isRoot,
    exists: (path) => path in there,
    run: async (command, args) => {
      const line = [command, ...args].join(' ')
      played.ran.push(line)
      if (line.includes('executablePath')) return `${downloaded}\n`
      if (args[0] === '--version') return there[command]
      const effect = Object.entries(effects).find(([piece]) => line.includes(piece))?.[1]
      if (effect === undefined || effect === false) return undefined
      Object.assign(there, effect)
      return ''
    },
    say: (line) => played.said.push(line),
  }
  return played
}

const bin = (name: string) => join('/bin', name)

it('takes the one that LATCHKEY_CHROMIUM names, before an installed one', async () => {
  const files = { '/mine': 'Google Chrome 150.0', [bin('chromium')]: version }
  const found = await findBrowser(machine({ env: { LATCHKEY_CHROMIUM: '/mine' }, files }))
  expect(found).toEqual({
    path: '/mine',
    version: 'Chrome 150.0',
    origin: 'LATCHKEY_CHROMIUM',
  })
})

it('refuses a LATCHKEY_CHROMIUM that does not run, whatever else is there', async () => {
  const files = { '/mine': undefined, [bin('chromium')]: version }
  const played = machine({ env: { LATCHKEY_CHROMIUM: '/mine' }, files })
  await expect(findBrowser(played)).rejects.toThrow('LATCHKEY_CHROMIUM names /mine')
})

it('takes an installed one and fetches nothing', async () => {
  const played = machine({ files: { [bin('google-chrome')]: version } })
  expect(await findBrowser(played)).toMatchObject({ origin: 'installed' })
  expect(played.ran).toEqual([`${bin('google-chrome')} --version`])
  expect(played.said).toEqual([])
})

it('passes over an installed one that does not answer', async () => {
  const files = { [bin('chromium')]: undefined, [bin('chrome')]: version }
  expect(await findBrowser(machine({ files }))).toMatchObject({ path: bin('chrome') })
})

it('passes over an answer that is no version', async () => {
  const files = { [bin('chromium')]: 'install the snap', [bin('chrome')]: version }
  expect(await findBrowser(machine({ files }))).toMatchObject({ path: bin('chrome') })
})

it('looks in the usual places of macOS and Windows', async () => {
  const mac = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'
  expect(
    await findBrowser(machine({ platform: 'darwin', files: { [mac]: version } })),
  ).toMatchObject({ path: mac })

  const windows = 'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe'
  const played = machine({ platform: 'win32', files: { [windows]: undefined } })
  expect(await findBrowser(played)).toMatchObject({ path: windows })
  expect(played.ran).toEqual([])
})

it("takes Playwright's where it was downloaded before", async () => {
  const played = machine({ files: { [downloaded]: version } })
  expect(await findBrowser(played)).toMatchObject({ path: downloaded, origin: "Playwright's own" })
  expect(played.said).toEqual([])
})

it("downloads Playwright's, and says so", async () => {
  const effects = { 'install --no-shell chromium': { [downloaded]: version } }
  const played = machine({ files: {}, effects })
  expect(await findBrowser(played)).toMatchObject({ origin: "Playwright's own, downloaded" })
  expect(played.said).toHaveLength(1)
})

it('installs the libraries that a downloaded one lacks, where it may', async () => {
  const downloads = { 'install --no-shell chromium': { [downloaded]: '' } }
  const files = { [bin('apt-get')]: undefined }
  const effects = { ...downloads, 'install-deps': { [downloaded]: version } }
  const may = machine({ isRoot: true, files, effects })
  expect(await findBrowser(may)).toMatchObject({ path: downloaded })

  const mayNot = machine({ files, effects })
  await expect(findBrowser(mayNot)).rejects.toThrow(NoProgramError)
  expect(mayNot.ran.filter((line) => line.includes('install-deps'))).toEqual([])
})

it("falls back to the system's package when the download fails", async () => {
  const files = { [bin('apt-get')]: undefined }
  const effects = {
    'apt-get update': {},
    'apt-get install': { [bin('chromium')]: version },
  }
  const played = machine({ isRoot: true, files, effects })
  expect(await findBrowser(played)).toMatchObject({
    path: bin('chromium'),
    origin: "the system's package",
  })
  expect(played.ran.filter((line) => line.includes('sudo'))).toEqual([])
})

it('tells the user of a machine what to install, and leaves it alone', async () => {
  const files = { [bin('apt-get')]: undefined }
  const played = machine({ files })
  await expect(findBrowser(played)).rejects.toThrow('No browser')
  expect(played.ran.filter((line) => line.includes('apt-get'))).toEqual([])
  expect(played.said).toContain('To install Chromium: sudo apt-get install chromium')
})

it('says what to do when there is none', async () => {
  await expect(findBrowser(machine({ files: {} }))).rejects.toThrow(
    /Install Chromium, or name one with LATCHKEY_CHROMIUM/,
  )
})
