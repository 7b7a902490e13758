/** Questions to the other end of a wire, one of a kind at a time. */

export class Questions<Message extends { readonly type: string }> {
  readonly #asked = new Map<string, (answer: Message) => void>()

  /** Whether an answer is owed. */
  get areOpen(): boolean {
    return this.#asked.size > 0
  }

  /** Never settles if the other end fails: whoever listens to it is told. */
  ask<Type extends Message['type']>(
    type: Type,
    send: () => void,
  ): Promise<Extract<Message, { readonly type: Type }>> {
    return new Promise((resolve) => {
      this.#asked.set(type, (answer) => resolve(answer as Extract<Message, { type: Type }>))
      send()
    })
  }

  /** An answer has come. */
  answer(message: Message): void {
    const resolve = this.#asked.get(message.type)
    this.#asked.delete(message.type)
    resolve?.(message)
  }
}
