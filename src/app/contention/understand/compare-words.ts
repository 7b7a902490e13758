/** Two runs of one seed, against each other, in sentences: pure. */

import { type Measures, rateText, waitText } from '../live/measures'

export function compareWords(a: Measures, b: Measures): readonly string[] {
  return [
    `${ratioWords('B did', b.perSecond, a.perSecond, 'as many sections a second as A')}: ${rateText(b.perSecond)} against ${rateText(a.perSecond)}.`,
    ...quantileWords('Half of B’s waits were shorter than', a.p50, b.p50),
    ...quantileWords('99 of 100 of B’s were shorter than', a.p99, b.p99),
    ...(a.lost > 0 || b.lost > 0
      ? [`${count(a.lost)} lost in A, ${count(b.lost)} in B.`]
      : ['No update was lost in either.']),
  ]
}

const count = (lost: number) => `${lost.toLocaleString('en')} ${lost === 1 ? 'update' : 'updates'}`

function quantileWords(begin: string, a: number | undefined, b: number | undefined): string[] {
  return a === undefined || b === undefined
    ? []
    : [`${begin} ${waitText(b)}, of A’s ${waitText(a)}.`]
}

function ratioWords(begin: string, one: number, other: number, end: string): string {
  if (other === 0) return `${begin} some sections, A none`
  const ratio = one / other
  // Within what two runs of one workload differ by.
  if (Math.abs(ratio - 1) < 0.03) return `${begin} about ${end}`
  return `${begin} ${rateText(ratio)} times ${end}`
}
