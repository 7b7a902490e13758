/**
 * An agent of the conformance suite that is a document: a frame or a window that its director
 * reaches, or a tab of its own, which is told the name of a broadcast channel.
 */
import { serveAgent } from '../conformance/wire'

const channelName = decodeURIComponent(location.hash.slice(1))
const director: Window | null = opener ?? (parent === window ? null : parent)

if (channelName !== '') {
  const channel = new BroadcastChannel(channelName)
  serveAgent({
    post: (message) => channel.postMessage(message),
    hear(listener) {
      channel.addEventListener('message', ({ data }) => {
        if (data === 'close') close()
        else listener(data)
      })
    },
  })
} else if (director !== null) {
  addEventListener('message', ({ source, ports: [port] }) => {
    if (source !== director || port === undefined) return
    const wire = {
      post: (message: unknown) => port.postMessage(message),
      hear(listener: (message: unknown) => void) {
        port.onmessage = ({ data }) => listener(data)
      },
    }
    serveAgent(wire, window.latchkeyMemory)
  })
  director.postMessage('ready', location.origin)
}
