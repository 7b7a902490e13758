/** Where a page puts agents: dedicated workers, frames of its origin, opened windows, tabs. */

import type { Reach } from '../../src/locks/index'
import { within } from './check'
import type { Agent, AgentKind, Environment, Opening } from './protocol'
import { remoteAgent, type Wire } from './wire'

/** ms for an agent to start. */
const startLimit = 15_000

export const browser: Environment = {
  /** A tab of its own gets no memory; one that was opened from here does. */
  kinds(reach: Reach): readonly AgentKind[] {
    if (reach === 'realm') return []
    return ['worker', 'frame', reach === 'cluster' ? 'window' : 'tab']
  },

  start(kind, opening) {
    return within(startLimit, `a ${kind} to start`, starters[kind](opening))
  },
}

const starters: Readonly<Record<AgentKind, (opening: Opening) => Promise<Agent>>> = {
  worker: startWorker,
  frame: startFrame,
  window: startWindow,
  tab: startTab,
  self: () => Promise.reject(new RangeError('the director is there already')),
  thread: () => Promise.reject(new RangeError('a browser has no threads')),
}

async function startWorker(opening: Opening): Promise<Agent> {
  const worker = new Worker(new URL('../pages/conformance-worker.ts', import.meta.url), {
    type: 'module',
  })
  const wire: Wire = {
    post: (message) => worker.postMessage(message),
    hear(listener) {
      worker.onmessage = ({ data }) => listener(data)
    },
  }
  const failed = new Promise<never>((_, reject) => {
    worker.onerror = ({ message }) => reject(new Error(message))
  })
  return Promise.race([remoteAgent('worker', wire, opening, () => worker.terminate()), failed])
}

function startFrame(opening: Opening): Promise<Agent> {
  const frame = document.createElement('iframe')
  frame.hidden = true
  frame.src = 'conformance-agent.html'
  frame.title = 'An agent'
  document.body.append(frame)
  return startNear('frame', frame.contentWindow, opening, () => frame.remove())
}

function startWindow(opening: Opening): Promise<Agent> {
  const opened = window.open('conformance-agent.html', '_blank')
  return startNear('window', opened, opening, () => opened?.close())
}

/**
 * A frame or window whose objects this page can touch. The memory is handed over by that touch:
 * WebKit shares it with a frame, but turns it into a copy when it is posted there.
 */
async function startNear(
  kind: AgentKind,
  target: Window | null,
  { memory, ...opening }: Opening,
  kill: () => void,
): Promise<Agent> {
  if (target === null) throw new Error('the engine opened no window')
  await new Promise<void>((resolve) => {
    const hear = ({ source }: MessageEvent) => {
      if (source !== target) return
      removeEventListener('message', hear)
      resolve()
    }
    addEventListener('message', hear)
  })
  target.latchkeyMemory = memory
  const { port1, port2 } = new MessageChannel()
  const wire: Wire = {
    post: (message) => port1.postMessage(message),
    hear(listener) {
      port1.onmessage = ({ data }) => listener(data)
    },
  }
  const started = remoteAgent(kind, wire, { ...opening, memory: undefined }, kill)
  target.postMessage('start', location.origin, [port2])
  return started
}

/** One that its opener cannot reach: it may be in a process of its own. */
function startTab(opening: Opening): Promise<Agent> {
  const name = `conformance ${crypto.randomUUID()}`
  const channel = new BroadcastChannel(name)
  const wire: Wire = {
    post: (message) => channel.postMessage(message),
    hear(listener) {
      channel.onmessage = ({ data }) => listener(data)
    },
  }
  const kill = () => {
    channel.postMessage('close')
    channel.close()
  }
  const started = remoteAgent('tab', wire, opening, kill)
  window.open(`conformance-agent.html#${encodeURIComponent(name)}`, '_blank', 'noopener')
  return started
}

declare global {
  interface Window {
    latchkeyMemory?: SharedArrayBuffer | undefined
  }
}
