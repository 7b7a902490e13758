import { join } from 'node:path'
import { defineConfig, devices } from '@playwright/test'
import { chromiumArguments } from './scripts/chromium-arguments'
import { takeBrowser } from './scripts/find-browser'
import { freePort } from './scripts/free-port'
import { plainHost } from './vite.config'

// Playwright reads this file once in the runner and again in each worker: what is found or chosen
// here is handed down through the environment.
const chromium = await chosen('LATCHKEY_CHROMIUM_TAKEN', takeBrowser)
const appPort = await chosen('LATCHKEY_APP_PORT', freePort)
const pagesPort = await chosen('LATCHKEY_PAGES_PORT', freePort)

/** The built app, as `npm run build && npm run preview` serves it; also the `baseURL`. */
export const appURL = `http://127.0.0.1:${appPort}`

/** The same app where the browser trusts nobody: on plain http, as in a local network. */
export const plainAppURL = `http://${plainHost}:${appPort}`

/**
 * Plain pages for tests of the library alone: `e2e/pages/name.html` (with a module script beside it
 * that imports from `../../src/locks`) is at `${pagesURL}/name.html`, bundled, isolated like the app.
 */
export const pagesURL = `http://127.0.0.1:${pagesPort}`

/** Under which name its report is kept. */
const report = process.env.LATCHKEY_BROWSER_REPORT ?? 'browser'

const full = Boolean(process.env.LATCHKEY_FULL)

/** Stories played at their own pace: who is late because others are busy tells another story. */
const paced = specs('carriers', 'perform', 'seven-seconds-real')

/** What leaves the processor to them: tabs come and go, and are waited for. */
const still = specs(
  ...['locks-cached', 'locks-death', 'locks-lifecycle', 'locks-waiting', 'locks-who-holds'],
  'presence',
)

/** Specs of waits of milliseconds, one at a time. */
const measuring = specs(...['faults', 'terms', 'locks-oracle', 'shared-memory', 'observe'])

export default defineConfig({
  testDir: 'e2e',
  testMatch: '**/*.spec.ts',
  outputDir: 'test-results',
  reporter: [
    ['list'],
    [
      'json',
      { outputFile: join(import.meta.dirname, 'node_modules/.cache/latchkey', `${report}.json`) },
    ],
  ],
  // A test that passes the second time has failed: a lock that works mostly does not work.
  retries: 0,
  // There may be only two cores. `npm test` runs the first two projects alone, then the others, with
  // three workers: most of them wait for most of their time.
  workers: 2,
  projects: [
    { name: 'paced', testMatch: paced, workers: 1 },
    { name: 'still', testMatch: still, workers: 1 },
    { name: 'measuring', testMatch: measuring, workers: 1 },
    { name: 'page', testIgnore: [...paced, ...still, ...measuring] },
  ],
  forbidOnly: true,
  timeout: full ? 300_000 : 60_000,
  globalTimeout: full ? 90 * 60_000 : 25 * 60_000,
  use: {
    ...devices['Desktop Chrome'],
    baseURL: appURL,
    viewport: { width: 1440, height: 900 },
    trace: 'off',
    launchOptions: {
      executablePath: chromium,
      args: [...chromiumArguments, `--host-resolver-rules=MAP ${plainHost} 127.0.0.1`],
    },
  },
  webServer: [
    serve('app', appPort, `vite/bin/vite.js preview --host 127.0.0.1 --strictPort`),
    serve('pages', pagesPort, 'tsx/dist/cli.mjs scripts/test-pages.ts'),
  ],
})

function specs(...names: readonly string[]): RegExp[] {
  return names.map((name) => new RegExp(`/${name}\\.spec\\.ts$`))
}

async function chosen(name: string, choose: () => Promise<string | number>): Promise<string> {
  process.env[name] ??= String(await choose())
  return process.env[name]
}

/** @param command from `node_modules`; takes a port */
function serve(name: string, port: string, command: string) {
  return {
    name,
    command: `node node_modules/${command} --port ${port}`,
    port: Number(port),
    reuseExistingServer: false,
    timeout: 60_000,
  }
}
