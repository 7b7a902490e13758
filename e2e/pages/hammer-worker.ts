/** An agent of the hammer that is a worker. */
import { type HammerTask, hammer } from './hammer-agent'

addEventListener('message', async (event: MessageEvent<HammerTask>) => {
  postMessage(await hammer(event.data))
})
postMessage('ready')
