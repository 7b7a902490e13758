/**
 * The conformance suite in this engine. A driver asks `conformance` for one port after the other;
 * a person opens the page and presses the button:
 *
 *     npx vite e2e/pages --open conformance.html
 */

import { browser } from '../conformance/browser'
import { runBrowsersOwn, runPort } from '../conformance/direct'
import { type PortRow, portNames, ports } from '../conformance/ports'
import { type Quirk, quirksOf } from '../conformance/quirks'
import { type Outcome, passedOf, type Report, type RunOptions } from '../conformance/suite'

export interface Subject {
  readonly name: string
  readonly reach: string
  /** What this engine lacks for it. */
  readonly lacks: string | undefined
  run(options: RunOptions): Promise<Report>
}

const subjects: readonly Subject[] = [
  {
    name: "the browser's own",
    reach: 'origin',
    lacks: ports['web-locks'].lacks(),
    run: runBrowsersOwn,
  },
  ...portNames.map((name) => {
    const row: PortRow = ports[name]
    const run: Subject['run'] = (options) => runPort(name, browser, options)
    return { name, reach: row.reach, lacks: row.lacks(), run }
  }),
]

const quirks: Promise<readonly Quirk[]> =
  ports['web-locks'].lacks() === undefined ? quirksOf(navigator.locks) : Promise.resolve([])

globalThis.conformance = {
  quirks,
  subjects: subjects.map(({ name, lacks }) => ({ name, lacks: lacks ?? null })),
  run(name) {
    const subject = subjects.find((each) => each.name === name)
    if (subject === undefined) return Promise.reject(new RangeError(`no port is called ${name}`))
    return show(subject)
  },
}

const status = byId('status')
const cells = new Map(subjects.map((subject) => [subject, addRow(subject)]))
const button = byId('run') as HTMLButtonElement
button.addEventListener('click', async () => {
  button.disabled = true
  const reports: Report[] = []
  for (const subject of subjects) {
    if (subject.lacks === undefined) reports.push(await show(subject))
  }
  const outcomes = reports.flatMap((report) => report.outcomes)
  status.textContent = `Done: ${passedOf(outcomes)} of ${outcomes.length} passed.`
  button.disabled = false
})

/** Runs one and shows what comes of it, case by case. */
async function show(subject: Subject): Promise<Report> {
  const list = addList(subject)
  const heard: Outcome[] = []
  const hears = (outcome: Outcome) => {
    heard.push(outcome)
    const { group, title, error } = outcome
    const item = document.createElement('li')
    item.textContent = `${error === undefined ? 'passed' : 'FAILED'}: ${group}: ${title}`
    if (error !== undefined) {
      const why = document.createElement('pre')
      why.textContent = error
      item.append(why)
    }
    list.append(item)
    const [passed, total] = cells.get(subject) ?? []
    if (passed !== undefined) passed.textContent = String(passedOf(heard))
    if (total !== undefined) total.textContent = String(heard.length)
    status.textContent = `Running ${subject.name}.`
  }
  return subject.run({ quirks: await quirks, hears })
}

function addRow({ name, reach, lacks }: Subject): HTMLElement[] {
  const row = document.createElement('tr')
  const head = document.createElement('th')
  head.scope = 'row'
  head.textContent = name
  row.append(head)
  const texts = [reach, lacks === undefined ? '' : `no ${lacks} here`, '']
  const added = texts.map((text) => {
    const cell = document.createElement('td')
    cell.textContent = text
    row.append(cell)
    return cell
  })
  byId('ports').append(row)
  return added.slice(1)
}

function addList({ name }: Subject): HTMLElement {
  const details = document.createElement('details')
  const summary = document.createElement('summary')
  summary.textContent = name
  const list = document.createElement('ol')
  details.append(summary, list)
  byId('cases').append(details)
  return list
}

function byId(id: string): HTMLElement {
  const element = document.getElementById(id)
  if (element === null) throw new Error(`the page has no #${id}`)
  return element
}

declare global {
  var conformance: {
    readonly quirks: Promise<readonly Quirk[]>
    readonly subjects: readonly { readonly name: string; readonly lacks: string | null }[]
    run(name: string): Promise<Report>
  }
}
