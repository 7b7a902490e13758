/**
 * Reads a pprof profile by the wire format's specification (protobuf.dev/programming-guides/encoding)
 * and profile.proto's field numbers. It shares nothing with what writes.
 */

type Field = readonly [number: number, value: bigint | Uint8Array]

export interface ReadProfile {
  readonly fields: readonly number[]
  readonly types: readonly string[]
  readonly samples: readonly {
    /** The innermost first: function, file, line. */
    readonly stack: readonly (readonly [string, string, number])[]
    readonly values: readonly bigint[]
    readonly labels: Readonly<Record<string, string>>
  }[]
  readonly time: bigint
  readonly duration: bigint
  readonly period: readonly [type: string, value: bigint]
  readonly comments: readonly string[]
  readonly defaultType: string
}

export function readProfile(bytes: Uint8Array): ReadProfile {
  const profile = fieldsOf(bytes)
  const texts = messages(profile, 6).map((each) =>
    new TextDecoder('utf-8', { fatal: true }).decode(each),
  )
  if (texts[0] !== '') throw new Error('the first text must be empty')
  const text = (of: readonly Field[], number: number) => {
    const found = texts[Number(int(of, number))]
    if (found === undefined) throw new Error(`no text ${int(of, number)}`)
    return found
  }
  const type = (of: Uint8Array) => `${text(fieldsOf(of), 1)}/${text(fieldsOf(of), 2)}`
  const byId = (number: number) =>
    new Map(messages(profile, number).map((each) => [int(fieldsOf(each), 1), fieldsOf(each)]))
  const [mappings, locations, functions] = [byId(3), byId(4), byId(5)]

  const frame = (id: bigint): [string, string, number] => {
    const location = locations.get(id)
    if (location === undefined || !mappings.has(int(location, 2))) throw new Error(`location ${id}`)
    const [line, ...inlined] = messages(location, 4).map(fieldsOf)
    const named = line && functions.get(int(line, 1))
    if (!named || inlined.length > 0) throw new Error(`location ${id} has no function`)
    return [text(named, 2), text(named, 4), Number(int(line, 2))]
  }
  return {
    fields: profile.map(([number]) => number),
    types: messages(profile, 1).map(type),
    samples: messages(profile, 2)
      .map(fieldsOf)
      .map((sample) => ({
        stack: packed(sample, 1).map(frame),
        values: packed(sample, 2),
        labels: Object.fromEntries(
          messages(sample, 3)
            .map(fieldsOf)
            .map((label) => [text(label, 1), text(label, 2)]),
        ),
      })),
    time: int(profile, 9),
    duration: int(profile, 10),
    period: [messages(profile, 11).map(type).join(), int(profile, 12)],
    comments: profile.flatMap((field) => (field[0] === 13 ? [text([field], 13)] : [])),
    defaultType: text(profile, 14),
  }
}

function fieldsOf(bytes: Uint8Array): readonly Field[] {
  const reader = new Reader(bytes)
  const fields: Field[] = []
  while (!reader.atEnd) {
    const tag = Number(reader.varint())
    const wire = tag & 7
    if (wire !== 0 && wire !== 2) throw new Error(`wire type ${wire}`)
    fields.push([tag >>> 3, wire === 0 ? reader.varint() : reader.take(Number(reader.varint()))])
  }
  return fields
}

class Reader {
  #at = 0

  constructor(readonly bytes: Uint8Array) {}

  get atEnd(): boolean {
    return this.#at === this.bytes.length
  }

  varint(): bigint {
    let value = 0n
    for (let shift = 0n; ; shift += 7n) {
      const [byte] = this.take(1)
      value += BigInt((byte ?? 0) % 128) * 2n ** shift
      if ((byte ?? 0) < 128) return value
    }
  }

  take(length: number): Uint8Array {
    const part = this.bytes.slice(this.#at, this.#at + length)
    if (part.length < length) throw new Error('cut off')
    this.#at += length
    return part
  }
}

/** proto3: an absent number is 0. */
function int(fields: readonly Field[], number: number): bigint {
  const value = fields.findLast(([each]) => each === number)?.[1] ?? 0n
  if (typeof value !== 'bigint') throw new Error(`field ${number} is no number`)
  return value
}

function messages(fields: readonly Field[], number: number): readonly Uint8Array[] {
  return fields.flatMap(([each, value]) => {
    if (each !== number) return []
    if (typeof value === 'bigint') throw new Error(`field ${number} is no message`)
    return [value]
  })
}

function packed(fields: readonly Field[], number: number): readonly bigint[] {
  return messages(fields, number).flatMap((bytes) => {
    const reader = new Reader(bytes)
    const values: bigint[] = []
    while (!reader.atEnd) values.push(reader.varint())
    return values
  })
}
