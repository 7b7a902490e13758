/**
 * A scenario as few characters that are safe in an address, and back. lz-string was ruled
 * out: it throws on made-up input, and a few thousand characters can make it build gigabytes.
 * Here the work is linear in the length, and what does not read back as itself is refused.
 *
 * The packed text is the title, then a line for each thread, `name:R<at>.<hold>W<at>.<hold>`
 * with milliseconds in base 36 (whose digits are lower case); as UTF-8 in the URL-safe alphabet of base 64.
 */

import { assertScenario } from './limits'
import { packText, unpackText } from './packed-text'
import type { Scenario, Section } from './scenario'

export function packScenario({ title, threads }: Scenario): string {
  const lines = threads.map(({ name, sections }) => `${name}:${sections.map(packSection).join('')}`)
  return packText([title, ...lines].join('\n'))
}

/** `undefined` for whatever `packScenario` does not make. */
export function unpackScenario(packed: string): Scenario | undefined {
  try {
    const [title = '', ...lines] = unpackText(packed).split('\n')
    const scenario = {
      title,
      threads: lines.map((line) => {
        const [name = '', sections = ''] = line.split(':')
        return { name, sections: [...sections.matchAll(sectionForm)].map(unpackSection) }
      }),
    }
    assertScenario(scenario)
    return packScenario(scenario) === packed ? scenario : undefined
  } catch {
    return undefined
  }
}

const sectionForm = /([RW])([0-9a-z]{1,6})\.([0-9a-z]{1,6})/g

function packSection({ mode, at, hold }: Section): string {
  return `${mode === 'read' ? 'R' : 'W'}${at.toString(36)}.${hold.toString(36)}`
}

function unpackSection([, mode, at = '', hold = '']: RegExpMatchArray): Section {
  return {
    mode: mode === 'R' ? 'read' : 'write',
    at: Number.parseInt(at, 36),
    hold: Number.parseInt(hold, 36),
  }
}
