/** An agent of the comparison with Go that is a worker: one answer for each command. */
import { type OracleCommand, obey } from './oracle-agent'

addEventListener('message', async (event: MessageEvent<OracleCommand>) => {
  postMessage(await obey(event.data))
})
postMessage('ready')
