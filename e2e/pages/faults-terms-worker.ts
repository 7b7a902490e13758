/** An agent of `faults-terms-agent.ts` that is a worker. */

import { report, TermsAgent, type TermsOptions } from './faults-terms-agent'

export type TermsOrder =
  | { readonly order: 'live'; readonly options: TermsOptions }
  | { readonly order: 'freeze'; readonly ms: number; readonly when: 'now' | 'leading' }

let agent: TermsAgent | undefined

addEventListener('message', ({ data }: MessageEvent<TermsOrder>) => {
  obey(data).catch(report)
})

async function obey(order: TermsOrder): Promise<void> {
  if (order.order === 'live') {
    agent = await TermsAgent.open(order.options)
    agent.live().catch(report)
  } else {
    await agent?.freeze(order.ms, order.when)
  }
  postMessage('done')
}

postMessage('done')
