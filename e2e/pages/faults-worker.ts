/** An agent of the fault suite that is a worker. */

import { type AgentOptions, FaultAgent, type Role, report } from './faults-agent'

export type Order =
  | { readonly order: 'be'; readonly options: AgentOptions }
  | { readonly order: 'take'; readonly role: Role; readonly lane: number }
  | { readonly order: 'contend'; readonly lanes: readonly number[]; readonly tasks: number }
  | { readonly order: 'echo' | 'stop' }

let agent: FaultAgent | undefined

addEventListener('message', ({ data }: MessageEvent<Order>) => {
  obey(data).catch(report)
})

async function obey(order: Order): Promise<void> {
  switch (order.order) {
    case 'be':
      agent = new FaultAgent(order.options)
      await agent.lanes.locks?.ready()
      break
    case 'take': {
      const goOn = await agent?.take(order.role, order.lane)
      postMessage('done')
      goOn?.()
      return
    }
    case 'contend':
      await agent?.contend(order.lanes, order.tasks)
      postMessage(agent?.sections ?? 0)
      return
    case 'stop':
      agent?.stop()
      return
    case 'echo':
  }
  postMessage('done')
}

postMessage('done')
