import { useId } from 'react'
import { widthOf } from '../../seven-seconds/timeline/fit-label'
import { Hatch } from '../../seven-seconds/timeline/hatch'
import { useWidth } from '../../seven-seconds/timeline/use-width'
import { type HandOff, handOffs, type SeenSpan, seen, type Window } from './seen'
import type { SpanKind, Track } from './track'
import './live-lanes.css'

export interface LaneRow {
  readonly name: string
  /** Under the name: what became of it. */
  readonly note?: string | undefined
  readonly track: Track
}

/** What a bar says: the longest wording that fits. */
export type LabelOf = (kind: SpanKind, fence: number | undefined) => readonly string[]

interface Props {
  /** What a screen reader calls the picture. */
  readonly label: string
  readonly rows: readonly LaneRow[]
  readonly window: Window
  /** What the right end of the window is called. Default: now. */
  readonly end?: string
  /** Which locks' bars are shown. */
  readonly wanted?: (lock: string) => boolean
  /** What a bar says; default what is done. */
  readonly labelOf?: LabelOf
}

const kinds = { wait: 'waiting', read: 'reading', write: 'writing' } as const
const heights = { wait: 24, read: 32, write: 36 } as const
const height = 50
const top = 24

/** What each participant held and waited for, in the last seconds. */
export function LiveLanes(props: Props) {
  const { label, rows, window, wanted = () => true } = props
  const [frame, width] = useWidth<HTMLDivElement>()
  const id = useId()
  const left = width < 560 ? 78 : 128
  const right = width - 14
  const span = window.to - window.from
  const x = (time: number) => left + ((right - left) * (time - window.from)) / span
  const spans = seen(
    rows.map(({ track }) => track),
    window,
    wanted,
  )
  const total = top + rows.length * height
  return (
    <div ref={frame} className="lanes live-lanes" style={{ height: total }}>
      {width > 0 && (
        <svg width={width} height={total} role="img" aria-label={label}>
          <defs>
            <Hatch id={`${id}hatch`} when="past" />
            <clipPath id={`${id}plot`}>
              <rect x={left} y={0} width={Math.max(0, right - left)} height={total} />
            </clipPath>
          </defs>
          <Seconds window={window} end={props.end ?? 'now'} x={x} total={total} />
          {rows.map(({ name, note }, row) => (
            <g key={name}>
              <line className="lanes-line" x1={left} x2={right} y1={middle(row)} y2={middle(row)} />
              <text className="live-lanes-name" x={2} y={middle(row) + (note ? -3 : 5)}>
                {name}
              </text>
              {note && (
                <text className="live-lanes-note" x={2} y={middle(row) + 13}>
                  {note}
                </text>
              )}
            </g>
          ))}
          <g className="bars bars-past" clipPath={`url(#${id}plot)`}>
            {spans.map((each) => (
              <Bar
                key={`${each.row} ${each.span.request} ${each.span.kind}`}
                seen={each}
                x={x}
                hatch={`${id}hatch`}
                labelOf={props.labelOf ?? ((kind) => [kinds[kind]])}
              />
            ))}
            {handOffs(spans).map((each) => (
              <Arrow key={`${each.to}@${each.at}`} handOff={each} x={x} />
            ))}
          </g>
        </svg>
      )}
    </div>
  )
}

const middle = (row: number) => top + row * height + height / 2

interface BarProps {
  readonly seen: SeenSpan
  readonly x: (time: number) => number
  readonly hatch: string
  readonly labelOf: NonNullable<Props['labelOf']>
}

function Bar({ seen: { span, row, from, to }, x, hatch, labelOf }: BarProps) {
  const { kind, end, fence } = span
  const tall = heights[kind]
  const width = Math.max(x(to) - x(from), 2)
  const box = {
    x: x(from),
    y: middle(row) - tall / 2,
    width,
    height: tall,
    rx: Math.min(5, width / 2),
  }
  const cut = end === 'died' || end === 'lost'
  const wordings = labelOf(kind, fence)
  const [longest] = wordings
  const text = [...(cut && longest ? [`${longest}, ${end}`] : []), ...wordings].find(
    (each) => widthOf(each, 13) + 12 <= width,
  )
  return (
    <g className={`bar bar-${kinds[kind]}`} data-end={end} data-kind={kind} data-row={row}>
      <rect className="bar-body" {...box} />
      {kind === 'wait' && <rect {...box} fill={`url(#${hatch})`} />}
      {cut && <path className="live-lanes-cut" d={cross(x(to), middle(row), 6)} />}
      {text && (
        <text className="bar-label" x={x(from) + 6} y={middle(row) + 4.5}>
          {text}
        </text>
      )}
    </g>
  )
}

const cross = (x: number, y: number, r: number) =>
  `M${x - r} ${y - r}L${x + r} ${y + r}M${x - r} ${y + r}L${x + r} ${y - r}`

interface ArrowProps {
  readonly handOff: HandOff
  readonly x: (time: number) => number
}

/** From who let go to who was let in. */
function Arrow({ handOff: { from, to, at }, x }: ArrowProps) {
  const down = to > from ? 1 : -1
  const [start, end] = [middle(from) + (down * heights.write) / 2, middle(to) - down * 19]
  return (
    <path
      className="live-lanes-arrow"
      d={`M${x(at)} ${start}V${end}m-4 ${-5 * down}l4 ${5 * down}l4 ${-5 * down}`}
    />
  )
}

interface SecondsProps {
  readonly end: string
  readonly window: Window
  readonly x: (time: number) => number
  readonly total: number
}

/** ms between two lines, and how many pixels they have to be apart. */
const steps = [200, 500, 1_000, 2_000, 5_000] as const
const room = 62

/** A line for each second; the newest is at the right. */
function Seconds({ window: { from, to }, end, x, total }: SecondsProps) {
  const perMs = (x(to) - x(from)) / (to - from)
  const every = steps.find((step) => step * perMs >= room) ?? 5_000
  const count = Math.floor((to - from) / every) + 1
  return Array.from({ length: count }, (_, index) => {
    const ago = index * every
    return (
      // Their places are what they are.
      <g key={ago}>
        <line className="lanes-second" x1={x(to - ago)} x2={x(to - ago)} y1={18} y2={total} />
        <text
          className="live-lanes-tick"
          x={x(to - ago)}
          y={12}
          textAnchor={index === 0 ? 'end' : 'middle'}
        >
          {index === 0 ? end : `−${ago / 1000} s`}
        </text>
      </g>
    )
  })
}
