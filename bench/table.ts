/** The findings as a person reads them. */

import { type Finding, rowOf, specs } from './rows'

const columns = ['id', 'ours', 'theirs', 'unit', 'ratio', 'spread', 'goal', 'holds'] as const
type Column = (typeof columns)[number]
const toTheRight: readonly Column[] = ['ours', 'theirs', 'ratio', 'spread']

export function table(findings: readonly Finding[]): string {
  const lines = findings.map((finding) => {
    const { id, ours, theirs, unit, ratio, goal, holds } = rowOf(finding)
    const [low, high] = finding.summary.quartiles
    return {
      id,
      ours: figure(ours),
      theirs: figure(theirs),
      unit,
      ratio: `${figure(ratio)}×`,
      spread: `${figure(low)}–${figure(high)}`,
      goal: goal ?? '–',
      holds: holds === null ? '–' : holds ? 'yes' : 'NO',
    }
  })
  const print = (cell: (column: Column) => string) =>
    columns
      .map((column) => {
        const width = Math.max(column.length, ...lines.map((line) => line[column].length))
        return toTheRight.includes(column)
          ? cell(column).padStart(width)
          : cell(column).padEnd(width)
      })
      .join('  ')
      .trimEnd()
  const below = findings.flatMap(({ id, summary, notes }) => [
    `${id}: ${specs[id].what} (${summary.pairs} pairs)`,
    ...notes.map((note) => `  ${note}`),
  ])
  const head = print((column) => column)
  const body = lines.map((line) => print((column) => line[column]))
  return [head, ...body, '', ...below].join('\n')
}

/** Three digits that count; thousands are kept apart. */
export function figure(value: number): string {
  if (!Number.isFinite(value)) return String(value)
  const digits = value === 0 ? 0 : Math.floor(Math.log10(Math.abs(value)))
  const fraction = Math.min(20, Math.max(0, 2 - digits))
  const rounded = digits > 2 ? Number(value.toPrecision(3)) : value
  return rounded.toLocaleString('en-US', {
    minimumFractionDigits: fraction,
    maximumFractionDigits: fraction,
  })
}
