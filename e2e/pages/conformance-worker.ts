/** An agent of the conformance suite that is a worker. */
import { serveAgent } from '../conformance/wire'

serveAgent({
  post: (message) => postMessage(message),
  hear(listener) {
    addEventListener('message', ({ data }) => listener(data))
  },
})
