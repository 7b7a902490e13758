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

/** The hatching that says "waiting" without colour, on its own ground. */
export function hatchOf(
  context: CanvasRenderingContext2D,
  { waiting, waitingLine }: Palette,
  ratio: number,
): CanvasPattern | string {
  const size = Math.round(7 * ratio)
  const tile = new OffscreenCanvas(size, size)
  const pen = tile.getContext('2d')
  if (!pen) return waiting
  pen.fillStyle = waiting
  pen.fillRect(0, 0, size, size)
  pen.strokeStyle = waitingLine
  pen.globalAlpha = 0.75
  pen.lineWidth = 1.6 * ratio
  pen.beginPath()
  for (const shift of [-size, 0, size]) {
    pen.moveTo(shift - size * 0.2, size * 1.2)
    pen.lineTo(shift + size * 1.2, -size * 0.2)
  }
  pen.stroke()
  const pattern = context.createPattern(tile, 'repeat')
  // The context is scaled to CSS pixels, and the tile is already as fine as the screen.
  pattern?.setTransform(new DOMMatrix().scale(1 / ratio))
  return pattern ?? waiting
}
