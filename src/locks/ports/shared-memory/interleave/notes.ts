/** What programs say about their locks as they go: the judge reads it when a run is over. */

import { area, at, field, limits, noteField, outcomeNumber } from './control'
import { high, low } from './hash'

export const noteKinds = [
  /** The acquisition begins. Detail: 1 is shared, 2 is a steal. */
  'asks',
  /** It stands in the queue: whoever asks from here on comes later. */
  'queued',
  /** Detail: 1 is abandoned by a dead holder. */
  'granted',
  'refused',
  /** The release or the withdrawal begins. */
  'ends',
  'ended',
  'lost',
  /** Detail: the fence that it was given. */
  'mints',
  /** Of a thread, not of a request. */
  'died',
] as const
export type NoteKind = (typeof noteKinds)[number]

/** The name in the note of a death. */
export const ofNobody = 0

export interface Note {
  readonly thread: number
  readonly kind: NoteKind
  /** Hash of the lock's name. */
  readonly name: number
  readonly request: number
  readonly detail: number
}

export const asks = { exclusive: 0, shared: 1, steal: 2 } as const

export function addNote(control: Int32Array, note: Note): void {
  const place = at(control, field.notes)
  if (place === limits.notes) {
    control[field.outcome] = outcomeNumber('endless')
    return
  }
  let nth = 0
  for (let each = 0; each < place; each++) {
    const name = at(control, area.notes + each * noteField.size + noteField.name)
    if (name === note.name || name === ofNobody) nth++
  }
  const kind = noteKinds.indexOf(note.kind)
  const from = area.notes + place * noteField.size
  control[from + noteField.thread] = note.thread
  control[from + noteField.kind] = kind
  control[from + noteField.name] = note.name
  control[from + noteField.request] = note.request
  control[from + noteField.detail] = note.detail
  control[field.notes] = place + 1
  // Order counts within a name, and with deaths; what is said of different names commutes.
  const said = [nth, note.thread, kind, note.request, note.detail]
  control[field.notedLow] = at(control, field.notedLow) ^ said.reduce(low, note.name)
  control[field.notedHigh] = at(control, field.notedHigh) ^ said.reduce(high, note.name)
}

export function readNotes(control: Int32Array): readonly Note[] {
  return Array.from({ length: at(control, field.notes) }, (_, place) => {
    const read = (name: Exclude<keyof typeof noteField, 'size'>) =>
      at(control, area.notes + place * noteField.size + noteField[name])
    return {
      thread: read('thread'),
      kind: noteKinds[read('kind')] ?? 'died',
      name: read('name'),
      request: read('request'),
      detail: read('detail'),
    }
  })
}

/** A name as notes carry it. */
export function nameNumber(name: string): number {
  let hash = name.length + 1
  for (let place = 0; place < name.length; place++) hash = low(hash, name.charCodeAt(place))
  return hash
}
