/** The colours of tokens.css as a canvas needs them: resolved for the theme that is shown. */

const names = {
  panel: '--panel',
  ink: '--ink',
  inkSoft: '--ink-2',
  inkFaint: '--ink-3',
  rule: '--rule',
  reading: '--reading',
  writing: '--writing',
  waiting: '--waiting-soft',
  waitingNarrow: '--waiting',
  waitingLine: '--waiting-line',
  onReading: '--on-reading',
  onWriting: '--on-writing',
  agrees: '--agrees',
} as const

export type Palette = Readonly<Record<keyof typeof names, string>>

/** `light-dark()` in a custom property is resolved only where a real property uses it. */
export function paletteOf(element: HTMLElement): Palette {
  const probe = document.createElement('span')
  probe.hidden = true
  element.append(probe)
  const entries = Object.entries(names).map(([name, token]) => {
    probe.style.color = `var(${token})`
    return [name, getComputedStyle(probe).color]
  })
  probe.remove()
  return Object.fromEntries(entries) as Palette
}
