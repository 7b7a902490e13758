/** Moves the floating panel: by pointer, by keyboard, and back into sight where the window shrinks. */

import { stepOf, within } from './place'

interface Point {
  readonly x: number
  readonly y: number
}

export class Mover {
  /** Where it was put; absent until it was moved. */
  at: Point | undefined
  /** Whether the last press of the pointer has moved it. */
  moved = false

  constructor(
    readonly panel: HTMLElement,
    /** It was put somewhere. */
    readonly put: () => void,
  ) {}

  start(at: Point | undefined): void {
    this.at = at
    window.addEventListener('resize', this.#fit)
    this.fit()
  }

  stop(): void {
    window.removeEventListener('resize', this.#fit)
  }

  /** By what it can be moved. */
  hold(grip: HTMLElement): void {
    grip.addEventListener('pointerdown', (event) => {
      this.moved = false
      if (event.button !== 0) return
      const { left, top } = this.panel.getBoundingClientRect()
      const from = { x: event.clientX - left, y: event.clientY - top }
      const begun = { x: event.clientX, y: event.clientY }
      const move = ({ clientX, clientY }: PointerEvent) => {
        // A hand that trembles while it presses moves nothing.
        this.moved ||= Math.hypot(clientX - begun.x, clientY - begun.y) > 3
        if (this.moved) this.#place({ x: clientX - from.x, y: clientY - from.y })
      }
      const end = () => {
        grip.removeEventListener('pointermove', move)
        if (this.moved) this.put()
      }
      grip.setPointerCapture?.(event.pointerId)
      grip.addEventListener('pointermove', move)
      for (const type of ['pointerup', 'pointercancel'] as const) {
        grip.addEventListener(type, end, { once: true })
      }
    })
    grip.addEventListener('keydown', (event) => {
      const step = stepOf(event.key, event.shiftKey)
      if (step === undefined) {
        this.moved = false
        return
      }
      event.preventDefault()
      const { left, top } = this.panel.getBoundingClientRect()
      this.#place({ x: left + step.x, y: top + step.y })
      this.put()
    })
  }

  readonly #fit = (): void => this.fit()

  /** Into the window, if it is not in it all. */
  fit(): void {
    if (this.at !== undefined) this.#show(this.at)
  }

  #place(to: Point): void {
    this.at = this.#show(to)
  }

  #show(to: Point): Point {
    const { width, height } = this.panel.getBoundingClientRect()
    const view = { width: window.innerWidth, height: window.innerHeight }
    const at = within(to, { width, height }, view)
    this.panel.style.inset = `${at.y}px auto auto ${at.x}px`
    return at
  }
}
