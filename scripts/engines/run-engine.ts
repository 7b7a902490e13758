/**
 * The whole suite in one engine: every port, one after the other, each within its limit. What hangs
 * or crashes a page is a failure of that port only; the next one gets a browser of its own.
 */

import { textOf, within } from '../../e2e/conformance/check'
import type { Quirk } from '../../e2e/conformance/quirks'
import type { Report } from '../../e2e/conformance/suite'
import type { Engine, Page } from './engine'
import type { EngineName } from './find-engines'
import type { Cell } from './matrix'

/** ms for all cases of one port: for what hangs, not for what is slow on a busy machine. */
const portLimit = 240_000

/** What each engine is known to do otherwise than the standard says. */
export const expectedQuirks: Readonly<Record<EngineName, readonly Quirk[]>> = {
  Chromium: ['withdrawal leaves the queue standing'],
  Firefox: [],
  WebKit: ['the reason of an aborted signal is lost'],
}

interface Subject {
  readonly name: string
  readonly lacks: string | null
}

export async function runEngine(
  name: EngineName,
  engine: Engine,
  url: string,
  say: (line: string) => void,
): Promise<readonly Cell[]> {
  const cells: Cell[] = []
  let page: Page | undefined
  const closePage = async () => {
    const closing = page?.close()
    page = undefined
    await closing
  }
  try {
    page = await engine.open(url)
    const place = `${name} ${page.version}`
    const subjects = await ask<readonly Subject[]>(page, 'conformance.subjects', portLimit)
    const quirks = await ask<readonly Quirk[]>(page, 'conformance.quirks', portLimit)
    const same = JSON.stringify(quirks) === JSON.stringify(expectedQuirks[name])
    cells.push({
      place,
      port: 'known quirks',
      outcomes: [
        {
          group: 'the engine',
          title: `departs from the standard in: ${expectedQuirks[name].join(', ') || 'nothing'}`,
          ...(!same && { error: `it does in: ${quirks.join(', ') || 'nothing'}` }),
        },
      ],
    })
    for (const { name: port, lacks } of subjects) {
      const start = performance.now()
      const failed = (error: string) => [{ group: 'all', title: 'the whole port', error }]
      let outcomes: Cell['outcomes']
      if (lacks !== null) {
        outcomes = failed(`this browser has no ${lacks}`)
      } else {
        try {
          page ??= await engine.open(url)
          const run = `conformance.run(${JSON.stringify(port)})`
          outcomes = (await ask<Report>(page, run, portLimit)).outcomes
        } catch (error) {
          outcomes = failed(textOf(error))
          await closePage()
        }
      }
      cells.push({ place, port, outcomes })
      const passed = outcomes.filter(({ error }) => error === undefined).length
      const seconds = ((performance.now() - start) / 1000).toFixed(1)
      say(`${place}: ${port}: ${passed}/${outcomes.length} in ${seconds} s`)
    }
  } finally {
    await closePage()
  }
  return cells
}

/** WebKit's driver may answer before the page's module has run. */
const loaded = `new Promise((resolve) => {
  if (document.readyState === 'complete') resolve()
  else addEventListener('load', resolve)
})`

/** The answers are plain data, carried as text by every driver alike. */
async function ask<T>(page: Page, expression: string, limit: number): Promise<T> {
  const text = `${loaded}.then(() => ${expression}).then(JSON.stringify)`
  return JSON.parse(await within(limit, expression, page.evaluate(text))) as T
}
