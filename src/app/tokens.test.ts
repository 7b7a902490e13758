import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const css = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8')
const tokens = new Map(
  [...css.matchAll(/--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)/g)].map(
    ([, name = '', light = '', dark = '']) => [name, { light, dark }],
  ),
)

/** WCAG 2.2, relative luminance and contrast ratio. */
function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(hex.slice(at, at + 2), 16) / 255
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

function contrast(a: string, b: string): number {
  const [dark = 0, light = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y)
  return (light + 0.05) / (dark + 0.05)
}

function ratio(text: string, ground: string, theme: 'light' | 'dark'): number {
  const [over, under] = [tokens.get(text), tokens.get(ground)]
  if (!over || !under) throw new Error(`No such token: ${over ? ground : text}`)
  return contrast(over[theme], under[theme])
}

const grounds = ['paper', 'panel', 'wash']
const soft = ['reading', 'writing', 'waiting', 'deadlock', 'agrees'].map((name) => `${name}-soft`)
const faint = ['reading', 'writing', 'waiting'].map((name) => `${name}-faint`)

describe.each(['light', 'dark'] as const)('in the %s theme', (theme) => {
  it.each([
    ...grounds.flatMap((ground) => [
      ['ink', ground],
      ['ink-2', ground],
    ]),
    ...soft.map((ground) => ['ink', ground]),
    // Labels of what has not happened yet.
    ...faint.map((ground) => ['ink-2', ground]),
    ['on-reading', 'reading'],
    ['on-writing', 'writing'],
    ['ink', 'step-now'],
    ['ink', 'step-before'],
    ['ink-2', 'step-before'],
    ['agrees-ink', 'panel'],
    ['deadlock-ink', 'panel'],
    ['paper', 'ink'],
  ])('text %s on %s is at least 4.5 : 1', (text = '', ground = '') => {
    expect(ratio(text, ground, theme)).toBeGreaterThanOrEqual(4.5)
  })

  it.each(['reading', 'writing', 'waiting-line', 'deadlock', 'agrees', 'ink-3'])(
    'the sign %s is at least 3 : 1 on a panel',
    (sign) => {
      expect(ratio(sign, 'panel', theme)).toBeGreaterThanOrEqual(3)
    },
  )
})
