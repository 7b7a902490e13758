/**
 * Which locks cost most waiting in this agent. It records from when it is first looked at, unless a
 * recorder was given; what it takes for that is loaded then.
 */

import type { Locks } from '../locks'
import type { Recorder, TopRow } from '../observe'
import { element, Rows, write } from './dom'
import type { Section } from './section'
import { duration } from './words'

/** So many locks are shown. */
const mostRows = 20

/** A recording is made no more often than this, in ms. */
const shortestPause = 1000

type Source = typeof import('./contention-source')

export class ContentionSection implements Section {
  readonly id = 'contention'
  readonly element: HTMLElement
  readonly #note = element('p', {}, 'Recording begins…')
  readonly #table: HTMLElement
  readonly #rows: Rows<TopRow>
  #source: Source | undefined
  #recorder: Recorder | undefined
  #isOwn = false
  #isAsked = false
  #isOver = false
  #painted = Number.NEGATIVE_INFINITY

  constructor(
    readonly locks: Locks,
    readonly given: Recorder | undefined,
    readonly repaint: () => void,
  ) {
    const body = element('tbody')
    this.#rows = new Rows(
      body,
      ({ lock = '' }) => lock,
      ({ lock = '' }) => {
        const cells = [element('td'), element('td'), element('td')]
        const name = element('th', { scope: 'row', class: 'name' }, lock)
        return {
          element: element('tr', {}, name, ...cells),
          update({ contentions, delay, share }) {
            const texts = [Math.round(contentions), duration(delay), `${Math.round(share * 100)} %`]
            for (const [index, text] of texts.entries()) {
              const cell = cells[index]
              if (cell !== undefined) write(cell, text.toLocaleString('en'))
            }
          },
        }
      },
    )
    const head = ['Lock', 'Waits', 'Waited', 'Share'].map((word) =>
      element('th', { scope: 'col' }, word),
    )
    const title = element('caption', {}, 'Who made others wait in this page, and for how long')
    this.#table = element(
      'table',
      {},
      title,
      element('thead', {}, element('tr', {}, ...head)),
      body,
    )
    this.#table.hidden = true
    this.element = element('div', {}, this.#table, this.#note)
  }

  label(): string {
    return 'Contention'
  }

  open(): void {
    this.#painted = Number.NEGATIVE_INFINITY
    if (this.#isAsked) return
    this.#isAsked = true
    import('./contention-source').then(
      (source) => this.#begin(source),
      (error) => write(this.#note, `What records could not be loaded: ${error}`),
    )
  }

  #begin(source: Source): void {
    if (this.#isOver) return
    this.#source = source
    try {
      this.#recorder = this.given ?? source.record(this.locks)
      this.#isOwn = this.given === undefined
    } catch {
      const how = 'pass your recorder: showInspector({ recorder }).'
      write(this.#note, `These locks are being recorded by somebody else: ${how}`)
    }
    this.repaint()
  }

  paint(now: number): void {
    if (this.#source === undefined || this.#recorder === undefined) return
    if (now - this.#painted < shortestPause) return
    this.#painted = now
    const recording = this.#recorder.recording()
    const rows = this.#source.top(recording, { limit: mostRows })
    this.#rows.show(rows)
    this.#table.hidden = rows.length === 0
    const { sample } = recording
    const how =
      sample === 1 ? 'From all acquisitions.' : `Estimated from 1 in ${sample} acquisitions.`
    write(this.#note, rows.length === 0 ? 'Nobody has waited here since recording began.' : how)
  }

  stop(): void {
    this.#isOver = true
    if (this.#isOwn) this.#recorder?.stop()
  }
}
