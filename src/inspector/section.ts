/** A tab of the panel. */

export interface Section {
  readonly id: string
  readonly element: HTMLElement
  /** What its tab says: its name, and how much of it there is. */
  label(): string
  /** Whether somebody should look. */
  urgent?(): boolean
  /** It is seen from now on. */
  open?(): void
  /** @param now in ms since the epoch */
  paint(now: number): void
  stop?(): void
}
