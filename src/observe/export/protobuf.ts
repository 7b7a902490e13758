/**
 * Writes protobuf's wire format (protobuf.dev/programming-guides/encoding): varints and what is
 * preceded by its length, which is all that a profile is made of.
 */

const varint = 0
const lengthDelimited = 2

export class Message {
  readonly #bytes: number[] = []

  /** A number that is not negative. 0 is what an absent field means, and is left out. */
  int(field: number, value: number | bigint): this {
    if (BigInt(value) === 0n) return this
    this.#put((field << 3) | varint)
    this.#put(value)
    return this
  }

  text(field: number, value: string): this {
    return this.#delimited(field, new TextEncoder().encode(value))
  }

  message(field: number, value: Message): this {
    return this.#delimited(field, value.#bytes)
  }

  /** Many numbers in one field: zeros count. */
  ints(field: number, values: readonly (number | bigint)[]): this {
    const packed = new Message()
    for (const value of values) packed.#put(value)
    return this.message(field, packed)
  }

  bytes(): Uint8Array<ArrayBuffer> {
    return Uint8Array.from(this.#bytes)
  }

  #delimited(field: number, content: Iterable<number> & { readonly length: number }): this {
    this.#put((field << 3) | lengthDelimited)
    this.#put(content.length)
    for (const byte of content) this.#bytes.push(byte)
    return this
  }

  /** Seven bits a byte, the lowest first; all but the last have the eighth set. */
  #put(value: number | bigint): void {
    let rest = BigInt(value)
    for (; rest > 127n; rest >>= 7n) this.#bytes.push(Number(rest & 127n) | 128)
    this.#bytes.push(Number(rest))
  }
}
