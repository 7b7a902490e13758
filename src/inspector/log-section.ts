/** What happens in this agent, line by line, and what of it somebody should look at. */

import { button, element, Rows, set, write } from './dom'
import type { EventLog, LogLine } from './event-log'
import { filterField } from './locks-section'
import type { Section } from './section'
import { clockTime, plural } from './words'

/** So many lines are shown at once. */
const mostShown = 100

function lineRows(list: HTMLElement): Rows<LogLine> {
  return new Rows(
    list,
    ({ id }) => String(id),
    ({ time, text, type }) => {
      const isWarning = type === 'deadlock' || type === 'order-violation'
      const look = type === 'gap' ? 'gap' : isWarning ? 'warned' : undefined
      const words = element('span', {}, text)
      const whole = element('li', { class: look }, element('time', {}, clockTime(time)), words)
      return { element: whole, update() {} }
    },
  )
}

export class LogSection implements Section {
  readonly id = 'log'
  readonly element: HTMLElement
  readonly #filter: HTMLInputElement
  readonly #pause: HTMLButtonElement
  readonly #note = element('p')
  readonly #rows: Rows<LogLine>

  constructor(
    readonly log: EventLog,
    repaint: () => void,
  ) {
    this.#filter = filterField('Filter events', repaint)
    this.#pause = button('Pause', () => log.pause(!log.paused), { 'aria-pressed': 'false' })
    const clear = button('Clear', () => log.clear())
    const list = element('ol', { class: 'log', 'aria-label': 'Events of this page, latest first' })
    this.#rows = lineRows(list)
    const line = element('div', { class: 'bar-line' }, this.#filter, this.#pause, clear)
    this.element = element('div', {}, line, this.#note, list)
  }

  label(): string {
    return 'Events'
  }

  paint(): void {
    const { lines, paused } = this.log
    const wanted = this.#filter.value.trim().toLowerCase()
    const matching =
      wanted === '' ? lines : lines.filter(({ text }) => text.toLowerCase().includes(wanted))
    set(this.#pause, 'aria-pressed', String(paused))
    this.#rows.show(matching.slice(0, mostShown))
    const found = wanted === '' ? '' : `${plural(matching.length, 'event')} of `
    write(this.#note, `${found}${plural(lines.length, 'event')} of this page, the latest first.`)
  }
}

export class WarningsSection implements Section {
  readonly id = 'warnings'
  readonly element: HTMLElement
  readonly #note = element('p')
  readonly #rows: Rows<LogLine>

  constructor(readonly log: EventLog) {
    const list = element('ol', { class: 'log', 'aria-label': 'Warnings, latest first' })
    this.#rows = lineRows(list)
    this.element = element('div', {}, list, this.#note)
  }

  label(): string {
    const { length } = this.log.warnings
    return length === 0 ? 'Warnings' : `Warnings (${length})`
  }

  urgent(): boolean {
    return this.log.warnings.length > 0
  }

  paint(): void {
    this.#rows.show(this.log.warnings)
    const none = 'No deadlock and no order warning in this page. '
    const how = 'They come from detectDeadlocks and checkOrder of latchkey/deadlock.'
    write(this.#note, this.log.warnings.length === 0 ? none + how : '')
  }
}
