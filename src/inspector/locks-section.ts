/** Who holds which lock and who waits for it, in all agents. */

import type { LocksView } from '../locks'
import { button, element, type Row, Rows, rove, set, write } from './dom'
import { type LockRow, lockRows, type PartyRow } from './lock-rows'
import type { Section } from './section'
import { plural, ticking } from './words'

/** Up to so many locks are shown unfolded. */
const mostUnfolded = 20
const longestFilter = 200

export class LocksSection implements Section {
  readonly id = 'locks'
  readonly element: HTMLElement
  readonly #filter: HTMLInputElement
  readonly #note = element('p')
  readonly #list = element('ul', { 'aria-label': 'Locks' })
  readonly #rows: Rows<LockRow>
  /** What somebody folded or unfolded. */
  readonly #unfolded = new Map<string, boolean>()
  #view: LocksView | undefined
  #isSmall = true
  #now = 0

  constructor(
    readonly threshold: number,
    readonly repaint: () => void,
  ) {
    this.#filter = filterField('Filter locks and tasks', repaint)
    this.#rows = new Rows(
      this.#list,
      ({ name }) => name,
      (row) => this.#makeLock(row),
    )
    rove(this.#list, '.lock > button', ['ArrowUp', 'ArrowDown'])
    const line = element('div', { class: 'bar-line' }, this.#filter)
    this.element = element('div', {}, line, this.#list, this.#note)
  }

  show(view: LocksView): void {
    this.#view = view
  }

  /** Nothing can be watched here. */
  fail(error: unknown): void {
    write(this.#note, error instanceof Error ? error.message : String(error))
  }

  label(): string {
    return 'Locks'
  }

  summary(): string {
    const locks = this.#view?.locks ?? []
    const count = (of: 'holders' | 'waiters') =>
      locks.reduce((sum, each) => sum + each[of].length, 0)
    return `${count('holders')} held, ${count('waiters')} waiting`
  }

  paint(now: number): void {
    this.#now = now
    if (this.#view === undefined) return
    const { threshold } = this
    const shown = lockRows(this.#view, { filter: this.#filter.value, threshold, now })
    this.#isSmall = shown.matching <= mostUnfolded
    this.#rows.show(shown.rows)
    this.#keepTabStop()
    write(this.#note, this.#words(shown.rows.length, shown.matching))
  }

  #words(shown: number, matching: number): string {
    const { locks, omitted } = this.#view ?? { locks: [], omitted: 0 }
    const parts = []
    if (locks.length === 0) parts.push('Nobody holds a lock or waits for one.')
    else if (matching === 0) parts.push(`None of ${plural(locks.length, 'lock')} matches.`)
    else if (shown < matching)
      parts.push(`${plural(matching - shown, 'more lock')}: filter to find them.`)
    if (omitted > 0) parts.push(`${plural(omitted, 'hold or wait', 'holds and waits')} not told.`)
    return parts.join(' ')
  }

  /** One lock of them all can be reached by Tab. */
  #keepTabStop(): void {
    const all = [...this.#list.querySelectorAll<HTMLElement>('.lock > button')]
    if (!all.some(({ tabIndex }) => tabIndex === 0) && all[0] !== undefined) all[0].tabIndex = 0
  }

  #makeLock({ name }: LockRow): Row<LockRow> {
    const count = element('span', { class: 'count' })
    const mark = element('span', { class: 'mark' }, 'waits long')
    const head = button('', () => {
      this.#unfolded.set(name, head.getAttribute('aria-expanded') !== 'true')
      if (this.#unfolded.size > 1000) this.#unfolded.clear()
      this.repaint()
    })
    head.append(element('span', { class: 'name' }, name), mark, count)
    head.tabIndex = -1
    const list = element('ul', { 'aria-label': `Holders and waiters of ${name}` })
    const parties = new Rows<PartyRow>(
      list,
      ({ key }) => key,
      (row) => this.#makeParty(row),
    )
    const more = element('p')
    const whole = element('li', { class: 'lock' }, head, list, more)
    return {
      element: whole,
      update: (row) => {
        const isOpen = this.#unfolded.get(name) ?? (this.#isSmall || row.late)
        set(head, 'aria-expanded', String(isOpen))
        write(count, `${row.holders} held, ${row.waiters} waiting`)
        mark.hidden = !row.late
        list.hidden = !isOpen
        more.hidden = !isOpen || row.more === 0
        write(more, `and ${row.more} more`)
        parties.show(isOpen ? row.parties : [])
      },
    }
  }

  #makeParty({ party, holds, where }: PartyRow): Row<PartyRow> {
    const { task, mode, kind, fence, permits, site } = party
    const since = element('span', { class: 'since' })
    const place = element('span', { class: 'where' })
    const who = task === '' ? 'unknown' : task
    const whole = element(
      'li',
      {},
      element('span', { class: 'swatch', 'aria-hidden': 'true' }),
      element('span', { class: 'task' }, who),
      place,
      since,
    )
    if (site !== undefined) whole.append(element('span', { class: 'site' }, site))
    const marks = [
      where,
      mode,
      ...(permits === undefined ? [] : [plural(permits, 'permit')]),
      ...(fence === undefined ? [] : [`fence ${fence}`]),
      ...(kind === 'unknown' ? ['not told by Latchkey'] : []),
    ]
    return {
      element: whole,
      update: ({ party, late }) => {
        const classes = ['party', holds ? 'holds' : 'waits', mode, ...(late ? ['late'] : [])]
        set(whole, 'class', classes.join(' '))
        write(place, [...marks, ...(party.silent ? ['does not answer'] : [])].join(' · '))
        write(since, `${holds ? 'holds' : 'waits'} ${ticking(this.#now - party.since)}`)
      },
    }
  }
}

export function filterField(label: string, changed: () => void): HTMLInputElement {
  const field = element('input', {
    type: 'search',
    placeholder: label,
    'aria-label': label,
    maxlength: longestFilter,
    spellcheck: 'false',
  })
  field.addEventListener('input', changed)
  return field
}
