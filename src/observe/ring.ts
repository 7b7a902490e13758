/** The latest so many of something: what comes when it is full takes the place of the oldest. */
export class Ring<T> {
  #items: T[] = []
  /** Where the oldest one is, once it is full. */
  #first = 0

  constructor(readonly capacity: number) {}

  get length(): number {
    return this.#items.length
  }

  /** @returns what had to make room */
  push(item: T): T | undefined {
    if (this.#items.length < this.capacity) {
      this.#items.push(item)
      return undefined
    }
    if (this.capacity === 0) return item
    const oldest = this.#items[this.#first]
    this.#items[this.#first] = item
    this.#first = (this.#first + 1) % this.capacity
    return oldest
  }

  clear(): void {
    this.#items = []
    this.#first = 0
  }

  /** The oldest first. */
  *[Symbol.iterator](): Generator<T> {
    yield* this.#items.slice(this.#first)
    yield* this.#items.slice(0, this.#first)
  }
}
