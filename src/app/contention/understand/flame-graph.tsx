import { type KeyboardEvent, useMemo, useRef, useState } from 'react'
import { durationText } from '../lanes/ticks'
import { type Direction, type FlameBar, flameBars, nextBar } from './flame-layout'
import type { ProfileTree } from './profile'

const directions: Readonly<Record<string, Direction>> = {
  ArrowUp: 'up',
  ArrowDown: 'down',
  ArrowLeft: 'left',
  ArrowRight: 'right',
}

/**
 * Delay as a flame graph: each lock as wide as the waiting for it, above it who is charged with that.
 * A tree to screen readers, walked with the arrow keys.
 */
export function FlameGraph({ tree }: { readonly tree: ProfileTree }) {
  const bars = useMemo(() => flameBars(tree), [tree])
  const [at, setAt] = useState<string>()
  const frame = useRef<HTMLDivElement>(null)
  const current = bars.find(({ path }) => path === at) ?? bars[0]
  if (!current || tree.delay === 0) return null
  const levels = Math.max(...bars.map(({ depth }) => depth)) + 1
  const focus = (bar: FlameBar) => {
    setAt(bar.path)
    const index = bars.indexOf(bar)
    frame.current?.querySelectorAll<HTMLElement>('[role="treeitem"]')[index]?.focus()
  }
  const press = (event: KeyboardEvent) => {
    const direction = directions[event.key]
    const next = direction && nextBar(bars, current, direction)
    if (!direction) return
    event.preventDefault()
    if (next) focus(next)
  }
  return (
    <div className="flame">
      <div
        ref={frame}
        className="flame-bars"
        role="tree"
        aria-label="Flame graph of waiting: locks, and in each who is charged"
        style={{ height: levels * 30 }}
        onKeyDown={press}
      >
        {bars.map((bar) => (
          <div
            key={bar.path}
            role="treeitem"
            aria-level={bar.depth + 1}
            aria-selected={bar === current}
            aria-label={`${bar.name}: ${wordsOf(bar)}`}
            tabIndex={bar === current ? 0 : -1}
            className="flame-bar"
            data-depth={bar.depth}
            style={{
              left: `${bar.left * 100}%`,
              width: `${bar.width * 100}%`,
              bottom: bar.depth * 30,
            }}
            title={`${bar.path}: ${wordsOf(bar)}`}
            // A click focuses it, too.
            onFocus={() => setAt(bar.path)}
          >
            <span>{bar.width > 0.04 ? bar.name : ''}</span>
          </div>
        ))}
      </div>
      <p className="flame-words" aria-hidden="true">
        <strong>{current.path}</strong> {wordsOf(current)}
      </p>
    </div>
  )
}

const wordsOf = ({ delay, share, contentions }: FlameBar) =>
  `${durationText(delay)}, ${Math.round(share * 1000) / 10} % of all waiting, ${contentions.toLocaleString('en')} ${contentions === 1 ? 'wait' : 'waits'}`
