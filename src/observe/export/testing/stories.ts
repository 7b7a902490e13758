/** Recordings whose numbers are known, to be exported and read back. */

import type { LockEvent } from '../../../locks'
import type { AgentRecord, ContentionRecord, Recording } from '../../recording'

/** Saturday, 21 November 2026, 12:00 UTC: as events of real agents are timed. */
export const noon = Date.UTC(2026, 10, 21, 12)

export function agent(given: Partial<AgentRecord> & Pick<AgentRecord, 'agent'>): AgentRecord {
  const exact = { offset: 0, uncertainty: 0, resolution: 0.005, gaps: [] }
  return { kind: 'page', name: given.agent, ...exact, ...given }
}

export function recordingOf(given: Partial<Recording> = {}): Recording {
  return {
    format: 'latchkey-recording',
    version: 1,
    from: noon,
    to: noon + 20,
    sample: 1,
    agents: [],
    locks: [],
    contention: [],
    events: [],
    dropped: 0,
    ...given,
  }
}

/** One event to a word: `4 release a1 cart` is at 4 ms, by agent `a`, of its request `a1`. */
export function eventsOf(lines: readonly string[], sites: Sites = {}): readonly LockEvent[] {
  return lines.map((line) => {
    const [time, type, request = '', lock, how, task = request] = line.split(' ')
    const mode = how === 'shared' ? 'shared' : 'exclusive'
    const who = { agent: request.slice(0, 1), task, lock, mode, request, site: sites[request] }
    return { type, time: noon + Number(time), ...who, reason: 'stolen', cycle: [] } as LockEvent
  })
}

type Sites = Readonly<Record<string, string>>

const sites = {
  a1: 'checkout (https://shop.test/cart.js:10:5)',
  b1: 'sync@https://shop.test/worker.js:20:9',
  c1: 'https://shop.test/admin.js:30:1',
}

const delays: readonly ContentionRecord[] = [
  {
    charged: 'releaser',
    lock: 'cart',
    mode: 'exclusive',
    site: sites.a1,
    contentions: 1,
    delay: 3,
  },
  {
    charged: 'releaser',
    lock: 'cart',
    mode: 'exclusive',
    site: sites.b1,
    contentions: 1,
    delay: 7,
  },
  { charged: 'waiter', lock: 'cart', mode: 'exclusive', site: sites.b1, contentions: 1, delay: 3 },
  { charged: 'waiter', lock: 'cart', mode: 'exclusive', site: sites.c1, contentions: 1, delay: 7 },
]

/**
 * A page `a`, its worker `b` and another tab `c` want one lock at 0, 1 and 2 ms, and hold it for 4, 5
 * and 1 ms. So `b` waits for 3 ms, `c` for 7. `c` was hidden from 11 to 15 ms, and frozen from 12.
 */
export const threeInARow: Recording = recordingOf({
  agents: [
    agent({ agent: 'a', name: 'Shop' }),
    agent({ agent: 'c', name: 'Admin', gaps: gaps([11, 15, 'hidden'], [12, 17, 'frozen']) }),
    agent({ agent: 'b', name: 'sync worker', kind: 'worker', page: 'a' }),
  ],
  contention: delays,
  events: eventsOf(
    [
      '0 request a1 cart',
      '0 grant a1 cart',
      '1 request b1 cart',
      '2 request c1 cart',
      '4 release a1 cart',
      '4 grant b1 cart',
      '9 release b1 cart',
      '9 grant c1 cart',
      '10 release c1 cart',
    ],
    sites,
  ),
})

function gaps(...all: readonly (readonly [number, number, 'hidden' | 'frozen'])[]) {
  return all.map(([from, to, why]) => ({ from: noon + from, to: noon + to, why }))
}

/** Nothing was recorded. */
export const nothing: Recording = recordingOf()

/** What names may be made of, and what formats may stumble over. */
export const strangeNames: readonly string[] = [
  'a;b',
  'a%3Bb',
  'two\nlines\r\n',
  '"quoted" \\ <script>',
  'std::mutex<int>::lock(int) const',
  'Łąćznik 鍵 🔑',
  'half \ud83d of a pair',
  'nul \0 and \u2028',
  'ends with 42',
  ' ',
  '__proto__',
  'x'.repeat(5000),
]

export const strangers: Recording = recordingOf({
  contention: strangeNames.flatMap((lock, index) =>
    (['releaser', 'waiter'] as const).map((charged) => ({
      ...{ charged, lock, mode: 'shared' as const, site: `${lock} (${lock}:1:2)` },
      ...{ contentions: index + 1, delay: index + 1 },
    })),
  ),
  events: strangeNames.flatMap((name, index) =>
    (['request', 'grant', 'release'] as const).map((type, step) => ({
      ...{ type, time: noon + index + step / 4, agent: name, task: name, lock: name },
      ...{ mode: 'shared' as const, request: `${index}`, site: name },
    })),
  ),
})
