/** The suites of `npm test`, in the order in which they run: what fails fastest comes first. */
import { join } from 'node:path'
import { readEngines, readPlaywright, readVitest, type Tally } from './tally'
import { root, tool } from './tool'

export interface Suite {
  readonly name: string
  /** Arguments to Node. All of them run, also after one has failed. */
  readonly steps: readonly (readonly string[])[]
  readonly env?: Readonly<Record<string, string>>
  /** Suites without whose success this one can say nothing. */
  readonly needs?: readonly string[]
  /** It begins together with this one, which comes before, and is told of when its own turn comes. */
  readonly beside?: string
  /** Where its test cases are counted; without it the suite counts as one. */
  readonly report?: { readonly file: string; readonly read: (json: string) => Tally | undefined }
}

const reports = join(root, 'node_modules/.cache/latchkey')
const unitReport = join(reports, 'unit.json')

const biome = tool('@biomejs/biome', 'biome')
const tsc = tool('typescript', 'tsc')
const vite = tool('vite')

const script = (name: string) => [tool('tsx'), join('scripts', name)]

export const suites: readonly Suite[] = [
  { name: 'format', steps: [[biome, 'check', '--linter-enabled=false', '.']] },
  { name: 'lint', steps: [[biome, 'lint', '--error-on-warnings', '.'], script('arrows.ts')] },
  { name: 'types', steps: [[tsc], [tsc, '-p', 'tsconfig.lib.json']] },
  {
    name: 'unit',
    steps: [
      [
        tool('vitest'),
        'run',
        '--reporter=default',
        '--reporter=json',
        `--outputFile.json=${unitReport}`,
      ],
    ],
    report: { file: unitReport, read: readVitest },
  },
  {
    name: 'build',
    steps: [
      [vite, 'build'],
      script('library.ts'),
      script('consumer.ts'),
      script('package.ts'),
      script('example.ts'),
    ],
  },
  { name: 'size', needs: ['build'], steps: [script('size.ts')] },
  {
    name: 'engines',
    // Each waits for its engine for most of the time.
    beside: 'unit',
    steps: [script('engines.ts')],
    // Each case of each port in each engine.
    report: { file: join(reports, 'engines.json'), read: readEngines },
  },
  browser('paced', ['--project=paced', '--project=still']),
  browser('browser', ['--project=measuring', '--project=page', '--workers=3']),
]

/** Some projects of playwright.config.ts, whose reporter writes under the name that it is told. */
function browser(name: string, args: readonly string[]): Suite {
  return {
    name,
    needs: ['build'],
    steps: [[tool('@playwright/test', 'playwright'), 'test', ...args]],
    env: { LATCHKEY_BROWSER_REPORT: name },
    report: { file: join(reports, `${name}.json`), read: readPlaywright },
  }
}

/** `only` in the order of `suites`, with what they need. Throws for a name that is none. */
export function chosen(all: readonly Suite[], only: readonly string[]): readonly Suite[] {
  const wanted = new Set(only)
  for (const name of wanted) {
    const suite = all.find((each) => each.name === name)
    if (!suite) {
      throw new RangeError(`no suite ${name}: there are ${all.map((each) => each.name).join(', ')}`)
    }
    for (const need of suite.needs ?? []) wanted.add(need)
  }
  return all.filter(({ name }) => wanted.has(name))
}
