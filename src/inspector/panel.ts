/** The panel: tabs in a shadow root of their own, floating over the page or inside of an element. */

import type { Locks } from '../locks'
import type { Recorder } from '../observe'
import { ContentionSection } from './contention-section'
import { button, element, rove, set, write } from './dom'
import { EventLog } from './event-log'
import { LocksSection } from './locks-section'
import { LogSection, WarningsSection } from './log-section'
import { Mover } from './mover'
import { recall, remember } from './place'
import type { Section } from './section'
import { addStyle } from './style'

/** How often it is painted at most, and views are wanted, in ms: nobody reads faster. */
const frame = 200
/** How often times tick, in ms. */
const tick = 200
/** How often the summary changes while the panel is collapsed, in ms. */
const rarely = 1000

export interface PanelSettings {
  readonly locks: Locks
  readonly threshold: number
  readonly container: Element | undefined
  readonly recorder: Recorder | undefined
  /** Somebody wants it closed. */
  readonly onClose: () => void
}

export class Panel {
  readonly host = element('div', { 'data-latchkey-inspector': '' })
  readonly #panel = element('section', { 'aria-label': 'Latchkey inspector' })
  readonly #summary = element('span')
  readonly #status = element('div', { class: 'unseen', role: 'status' })
  readonly #body = element('div', { class: 'body' })
  readonly #sections: readonly Section[]
  readonly #tabs: readonly HTMLButtonElement[]
  readonly #locksSection: LocksSection
  readonly #log: EventLog
  readonly #mover: Mover | undefined
  #collapse: HTMLButtonElement | undefined
  #chosen = 0
  #collapsed = false
  #stopWatching: (() => void) | undefined
  #ticker: ReturnType<typeof setInterval> | undefined
  #due: ReturnType<typeof setTimeout> | undefined
  #frame: number | undefined
  #painted = 0
  #warned = 0
  /** Where the focus was before the panel took it. */
  #before: HTMLElement | undefined

  constructor(readonly settings: PanelSettings) {
    const { locks, threshold, container, recorder } = settings
    const repaint = () => this.#soon()
    this.#log = new EventLog(locks, repaint)
    this.#locksSection = new LocksSection(threshold, repaint)
    this.#sections = [
      this.#locksSection,
      new WarningsSection(this.#log),
      new ContentionSection(locks, recorder, repaint),
      new LogSection(this.#log, repaint),
    ]
    this.#tabs = this.#sections.map(({ id }, index) =>
      button('', () => this.#choose(index), {
        ...{ role: 'tab', id: `tab-${id}`, 'aria-controls': `panel-${id}` },
      }),
    )
    if (container === undefined) this.#mover = new Mover(this.#panel, () => this.#remember())
    this.#build()
    const place = container === undefined ? recall() : { collapsed: false, tab: '' }
    this.#chosen = Math.max(
      0,
      this.#sections.findIndex(({ id }) => id === place.tab),
    )
    const parent = container ?? document.documentElement
    parent.append(this.host)
    this.#mover?.start(place.at)
    this.#choose(this.#chosen)
    this.#fold(place.collapsed)
    window.addEventListener('keydown', this.#shortcut)
  }

  #build(): void {
    const root = this.host.attachShadow({ mode: 'open' })
    addStyle(root)
    const isFloating = this.settings.container === undefined
    set(this.#panel, 'class', `panel ${isFloating ? 'floating' : 'embedded'}`)
    const words = [element('strong', {}, 'Latchkey'), this.#summary]
    const list = element('div', { role: 'tablist', 'aria-label': 'Views' }, ...this.#tabs)
    rove(list, '[role="tab"]', ['ArrowLeft', 'ArrowRight'], (at) => at.click())
    const panels = this.#sections.map(({ id, element: content }) =>
      element(
        'div',
        { role: 'tabpanel', id: `panel-${id}`, 'aria-labelledby': `tab-${id}`, tabindex: 0 },
        content,
      ),
    )
    this.#body.append(list, ...panels)
    this.#panel.append(this.#header(words), this.#body, this.#status)
    root.append(this.#panel)
    // A host that listens for keys must not take what is typed here for its own.
    for (const type of ['keydown', 'keyup', 'keypress', 'input'] as const) {
      this.#panel.addEventListener(type, (event) => {
        if (type === 'keydown') this.#key(event as KeyboardEvent)
        event.stopPropagation()
      })
    }
  }

  #header(words: readonly HTMLElement[]): HTMLElement {
    if (this.#mover === undefined) {
      return element('header', {}, element('div', { class: 'grip' }, ...words))
    }
    const grip = element(
      'button',
      {
        ...{ type: 'button', class: 'grip' },
        title:
          'Drag it, or use the arrow keys, to move the panel. Alt+Shift+L opens and collapses it.',
      },
      ...words,
    )
    grip.addEventListener('click', () => {
      if (this.#collapsed && this.#mover?.moved === false) this.#fold(false)
    })
    this.#mover.hold(grip)
    this.#collapse = button('', () => this.#fold(!this.#collapsed), { class: 'icon' })
    const close = button('×', () => this.settings.onClose(), {
      ...{ class: 'icon', 'aria-label': 'Close the inspector' },
    })
    return element('header', {}, grip, this.#collapse, close)
  }

  #choose(index: number): void {
    this.#chosen = index
    for (const [at, tab] of this.#tabs.entries()) {
      const isChosen = at === index
      set(tab, 'aria-selected', String(isChosen))
      tab.tabIndex = isChosen ? 0 : -1
      const panel = this.#body.querySelector<HTMLElement>(`#${tab.getAttribute('aria-controls')}`)
      if (panel !== null) panel.hidden = !isChosen
    }
    this.#sections[index]?.open?.()
    this.#remember()
    this.#paint()
  }

  #fold(collapsed: boolean): void {
    this.#collapsed = collapsed
    this.#body.hidden = collapsed
    this.#panel.classList.toggle('collapsed', collapsed)
    const { ownerDocument } = this.host
    if (collapsed && ownerDocument.activeElement === this.host) this.#before?.focus()
    if (this.#collapse !== undefined) {
      write(this.#collapse, collapsed ? '+' : '–')
      set(this.#collapse, 'aria-label', collapsed ? 'Open the inspector' : 'Collapse the inspector')
      set(this.#collapse, 'aria-expanded', String(!collapsed))
    }
    this.#mover?.fit()
    this.#remember()
    this.#watch(collapsed ? rarely : frame)
    clearInterval(this.#ticker)
    this.#ticker = collapsed ? undefined : setInterval(() => this.#soon(), tick)
    this.#paint()
  }

  #watch(every: number): void {
    this.#stopWatching?.()
    const { locks } = this.settings
    try {
      this.#stopWatching = locks.watch(
        (view) => {
          this.#locksSection.show(view)
          this.#soon()
        },
        { every },
      )
    } catch (error) {
      this.#locksSection.fail(error)
    }
  }

  #key(event: KeyboardEvent): void {
    this.#shortcut(event)
    if (event.key !== 'Escape' || event.defaultPrevented || this.#mover === undefined) return
    event.preventDefault()
    this.#fold(true)
  }

  /** From anywhere in the page. */
  readonly #shortcut = (event: KeyboardEvent): void => {
    if (!event.altKey || !event.shiftKey || event.code !== 'KeyL' || event.defaultPrevented) return
    event.preventDefault()
    if (this.#mover !== undefined && !this.#collapsed && this.host.shadowRoot?.activeElement) {
      this.#fold(true)
      return
    }
    const { activeElement } = document
    if (activeElement !== this.host && activeElement instanceof HTMLElement) {
      this.#before = activeElement
    }
    this.#fold(false)
    this.#tabs[this.#chosen]?.focus()
  }

  #remember(): void {
    if (this.#mover === undefined || !this.host.isConnected) return
    const { at } = this.#mover
    const tab = this.#sections[this.#chosen]?.id ?? ''
    remember({ ...(at === undefined ? {} : { at }), collapsed: this.#collapsed, tab })
  }

  /** In a frame of a page that is seen, and not too soon after the last one. */
  #soon(): void {
    if (this.#due !== undefined || this.#frame !== undefined) return
    const left = this.#painted + frame - performance.now()
    this.#due = setTimeout(
      () => {
        this.#due = undefined
        this.#frame = requestAnimationFrame(() => this.#paint())
      },
      Math.max(0, left),
    )
  }

  #paint(): void {
    this.#frame = undefined
    this.#painted = performance.now()
    const now = Date.now()
    write(this.#summary, this.#locksSection.summary())
    const warnings = this.#log.warnings.length
    const [latest] = this.#log.warnings
    if (warnings > this.#warned && latest !== undefined) write(this.#status, latest.text)
    this.#warned = warnings
    if (this.#collapsed) return
    for (const [index, section] of this.#sections.entries()) {
      const tab = this.#tabs[index]
      if (tab === undefined) continue
      write(tab, section.label())
      tab.classList.toggle('urgent', section.urgent?.() === true)
    }
    this.#sections[this.#chosen]?.paint(now)
  }

  /** Nothing of it stays. */
  close(): void {
    this.#stopWatching?.()
    this.#log.stop()
    for (const section of this.#sections) section.stop?.()
    clearInterval(this.#ticker)
    clearTimeout(this.#due)
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame)
    window.removeEventListener('keydown', this.#shortcut)
    this.#mover?.stop()
    this.host.remove()
  }
}
