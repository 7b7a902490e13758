/**
 * Commands to an agent elsewhere and its answers, over anything that carries messages in their
 * order: a worker, a message port, a broadcast channel of their own.
 */

import { textOf } from './check'
import type { Agent, AgentKind, Answers, Command, Opening } from './protocol'
import { Stage } from './stage'

export interface Wire {
  post(message: unknown): void
  /** Called once, with what hears everything. */
  hear(listener: (message: unknown) => void): void
}

/** From the director. The first message says what to stand on. */
type Order =
  | { readonly id: number; readonly opening: Opening }
  | { readonly id: number; readonly command: Command }

/** To the director. `id` 0 is the agent's word that it listens. */
interface Reply {
  readonly from: 'agent'
  readonly id: number
  readonly answer?: unknown
  readonly error?: string
}

/** The agent's end. `memory` may have come another way. */
export function serveAgent(wire: Wire, memory?: SharedArrayBuffer): void {
  let stage: Stage | undefined
  const obey = async (order: Order): Promise<unknown> => {
    if ('command' in order) return stage?.obey(order.command)
    stage = await Stage.on(memory === undefined ? order.opening : { ...order.opening, memory })
    return null
  }
  wire.hear((message) => {
    const order = message as Order
    // A broadcast channel carries the answers of others, too.
    if (!('command' in order || 'opening' in order)) return
    const { id } = order
    obey(order).then(
      (answer) => wire.post({ from: 'agent', id, answer } satisfies Reply),
      (error) => wire.post({ from: 'agent', id, error: textOf(error) } satisfies Reply),
    )
  })
  wire.post({ from: 'agent', id: 0 } satisfies Reply)
}

/** The director's end; resolves once the agent stands on its port. */
export async function remoteAgent(
  kind: AgentKind,
  wire: Wire,
  opening: Opening,
  kill: () => void,
): Promise<Agent> {
  let last = 0
  const awaited = new Map<number, (reply: Reply) => void>()
  const listens = new Promise<Reply>((resolve) => awaited.set(0, resolve))
  wire.hear((message) => {
    const reply = message as Reply
    if (reply.from === 'agent') awaited.get(reply.id)?.(reply)
    if (reply.from === 'agent' && reply.id > 0) awaited.delete(reply.id)
  })
  const send = async (order: { readonly opening: Opening } | { readonly command: Command }) => {
    const id = ++last
    const answered = new Promise<Reply>((resolve) => awaited.set(id, resolve))
    wire.post({ id, ...order })
    const { answer, error } = await answered
    if (error !== undefined) throw new Error(`a ${kind}: ${error}`)
    return answer
  }
  await listens
  await send({ opening })
  return {
    kind,
    obey: async <T extends Command['type']>(command: Command & { readonly type: T }) =>
      (await send({ command })) as Answers[T],
    kill,
  }
}
