/** The files that a recording can be written as, for a page that offers them. */

import { checkChoice } from '../../locks/arguments'
import type { Recording } from '../recording'
import { checkRecording } from './arguments'
import { chromeTrace } from './chrome-trace'
import { collapsedStacks } from './collapsed'
import { pprof } from './pprof'
import { speedscope } from './speedscope'

export type ExportId =
  | 'pprof-mutex'
  | 'pprof-block'
  | 'perfetto'
  | 'speedscope'
  | 'collapsed-mutex'
  | 'collapsed-block'

export interface ExportFormat {
  readonly id: ExportId
  /** For people: what is in it, and what opens it. */
  readonly label: string
  /** With its dot, and everything that a reader goes by. */
  readonly extension: string
  readonly mime: string
  /**
   * The file's content.
   * @throws TypeError, RangeError (reject) for what is no recording; UnsupportedError (rejects) where
   *   an engine cannot write it
   */
  write(recording: Recording): Promise<Uint8Array<ArrayBuffer>>
}

const json = 'application/json'
const gzip = 'application/gzip'
const text = 'text/plain'

/**
 * What a recording can be written as.
 *
 * @example
 * const recording = new Account().recording()
 * for (const format of exportFormats) {
 *   const file = new Blob([await format.write(recording)], { type: format.mime })
 *   console.log(exportName(format.id, recording).name, format.label, file.size)
 * }
 */
export const exportFormats: readonly ExportFormat[] = [
  {
    ...{ id: 'pprof-mutex', extension: '.mutex.pb.gz', mime: gzip },
    label: 'Who made others wait, for go tool pprof',
    write: (recording) => pprof(recording),
  },
  {
    ...{ id: 'pprof-block', extension: '.block.pb.gz', mime: gzip },
    label: 'Who waited, for go tool pprof',
    write: (recording) => pprof(recording, { charged: 'waiter' }),
  },
  {
    ...{ id: 'perfetto', extension: '.trace.json', mime: json },
    label: 'All agents over time, for Perfetto',
    write: async (recording) => bytes(chromeTrace(recording)),
  },
  {
    ...{ id: 'speedscope', extension: '.speedscope.json', mime: json },
    label: 'Flame graphs and agents over time, for speedscope',
    write: async (recording) => bytes(speedscope(recording)),
  },
  {
    ...{ id: 'collapsed-mutex', extension: '.mutex.folded', mime: text },
    label: 'Who made others wait, as collapsed stacks for flame graphs',
    write: async (recording) => bytes(collapsedStacks(recording)),
  },
  {
    ...{ id: 'collapsed-block', extension: '.block.folded', mime: text },
    label: 'Who waited, as collapsed stacks for flame graphs',
    write: async (recording) => bytes(collapsedStacks(recording, { charged: 'waiter' })),
  },
]

/** Earlier than that a time is none since the epoch: virtual, or since a page was loaded. */
const firstDate = Date.UTC(2000)
const lastDate = 8.64e15

/**
 * What a download should be called, and its MIME type: `locks-20261121-120000.mutex.pb.gz`. The time
 * is when the recording began, in UTC; one on a virtual clock has none.
 *
 * @param kind the id of an export format
 * @throws TypeError, RangeError for an unknown kind, and for what is no recording
 * @example
 * const { name, mime } = exportName('perfetto', new Account().recording())
 */
export function exportName(
  kind: ExportId,
  recording: Recording,
): { readonly name: string; readonly mime: string } {
  checkChoice(
    'kind',
    kind,
    exportFormats.map(({ id }) => id),
  )
  checkRecording(recording)
  const { from } = recording
  const dated = from >= firstDate && from <= lastDate
  // 2026-11-21T12:00:00.000Z
  const [day = '', time = ''] = dated ? new Date(from).toISOString().split('T') : []
  const when = dated ? `-${day.replaceAll('-', '')}-${time.slice(0, 8).replaceAll(':', '')}` : ''
  const format = exportFormats.find(({ id }) => id === kind)
  return { name: `locks${when}${format?.extension}`, mime: format?.mime ?? '' }
}

function bytes(written: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(written)
}
