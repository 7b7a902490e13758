/**
 * One Chromium with the built pages of the bench: a production bundle of the library, minified as
 * a user's bundler does it, served isolated (COOP, COEP) from this machine; and the same
 * pages on plain http, where there are neither Web Locks nor shared memory.
 */

import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { type Browser, type CDPSession, chromium, type Page } from 'playwright'
import { build, preview } from 'vite'
import { chromiumArguments } from '../scripts/chromium-arguments'
import { findBrowser } from '../scripts/find-browser'
import { freePort } from '../scripts/free-port'
import { thisMachine } from '../scripts/machine'
import { root } from '../scripts/tool'
import { isolation, plainHost } from '../vite.config'
import { withoutHooks } from './without-hooks'

const pages = join(root, 'bench/pages')
const cache = join(root, 'node_modules/.cache/latchkey')

export interface Tab {
  readonly page: Page
  /** What its main thread has worked so far, in s: not what others made it wait. */
  readonly cpu: () => Promise<number>
  /** What its main thread has allocated and still reaches, in bytes, after a collection. */
  readonly heap: () => Promise<number>
  readonly close: () => Promise<void>
}

export interface Place {
  /** On plain http, under a name that the browser does not trust as it trusts 127.0.0.1. */
  readonly plain?: boolean
  /** With a storage partition of its own. */
  readonly apart?: boolean
  /** With a library whose hooks have been taken out. */
  readonly bare?: boolean
}

export interface Laboratory {
  readonly browser: string
  readonly tab: (place: Place) => Promise<Tab>
  readonly close: () => Promise<void>
}

/** @throws NoBrowserError */
export async function openLaboratory(say: (line: string) => void): Promise<Laboratory> {
  const { path, version } = await findBrowser({ ...thisMachine, say })
  mkdirSync(cache, { recursive: true })
  // A folder of its own: two runs at once must not collide.
  const outDir = mkdtempSync(join(cache, 'bench-'))
  const common = { root: pages, configFile: false, logLevel: 'warn', publicDir: false } as const
  try {
    await build({ ...common, build: { outDir, emptyOutDir: true } })
    let bareBuild: Promise<unknown> | undefined
    // The same pages in a folder of the first, only where some row wants them.
    const buildBare = () =>
      build({
        ...common,
        base: '/bare/',
        plugins: [withoutHooks()],
        build: { outDir: join(outDir, 'bare'), emptyOutDir: true },
      })
    const port = await freePort()
    const server = await preview({
      ...common,
      build: { outDir },
      preview: {
        host: '127.0.0.1',
        port,
        strictPort: true,
        headers: isolation,
        allowedHosts: [plainHost],
      },
    })
    const browser = await launch(path)
    const context = await browser.newContext()
    return {
      browser: version,
      tab: async ({ plain = false, apart = false, bare = false }) => {
        if (bare) {
          bareBuild ??= buildBare()
          await bareBuild
        }
        const partition = apart ? await browser.newContext() : context
        const page = await partition.newPage()
        const session = await partition.newCDPSession(page)
        const host = plain ? plainHost : '127.0.0.1'
        const tab = await tabOf(
          page,
          session,
          `http://${host}:${port}/${bare ? 'bare/' : ''}`,
          !plain,
        )
        return apart ? { ...tab, close: () => partition.close() } : tab
      },
      close: async () => {
        await browser.close()
        await server.close()
        rmSync(outDir, { recursive: true, force: true })
      },
    }
  } catch (error) {
    rmSync(outDir, { recursive: true, force: true })
    throw error
  }
}

function launch(executablePath: string): Promise<Browser> {
  return chromium.launch({
    executablePath,
    args: [...chromiumArguments, `--host-resolver-rules=MAP ${plainHost} 127.0.0.1`],
  })
}

async function tabOf(
  page: Page,
  session: CDPSession,
  url: string,
  isolated: boolean,
): Promise<Tab> {
  await page.goto(url)
  const found = await page.evaluate(() => window.bench && crossOriginIsolated)
  if (found !== isolated) {
    throw new Error(`${url} is ${isolated ? 'not ' : ''}isolated, or its script did not run`)
  }
  await session.send('Performance.enable')
  return {
    page,
    cpu: async () => {
      const { metrics } = await session.send('Performance.getMetrics')
      const metric = metrics.find(({ name }) => name === 'ThreadTime')
      if (metric === undefined) throw new Error('this browser does not tell its thread time')
      return metric.value
    },
    heap: async () => {
      // What finalisation lets go of takes another one.
      for (let i = 0; i < 2; i++) await session.send('HeapProfiler.collectGarbage')
      return (await session.send('Runtime.getHeapUsage')).usedSize
    },
    close: () => page.close(),
  }
}

/** Tabs for one row: fresh ones, so that no row runs in what another one has compiled. */
export async function inTabs<T>(
  laboratory: Laboratory,
  count: number,
  measure: (...tabs: Tab[]) => Promise<T>,
  place: Place = {},
): Promise<T> {
  const tabs: Tab[] = []
  try {
    for (let i = 0; i < count; i++) tabs.push(await laboratory.tab(place))
    return await measure(...tabs)
  } finally {
    for (const { close } of tabs) await close()
  }
}

/** When tabs that are told now can begin together: ms since the epoch. */
export function soon(): number {
  return performance.timeOrigin + performance.now() + 100
}
