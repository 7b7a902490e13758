/** A second tab between a page and its workers: the ports are real, the workers are not. */

import { describe, expect, it, vi } from 'vitest'
import { TabError } from '../tab-greeting'
import type { Endpoint, EndpointListener } from './endpoint'
import { type Hosting, hostThreads } from './host-threads'
import type { FromThread, ToThread } from './protocol'

interface FakeWorker extends Endpoint {
  readonly listener: EndpointListener
  readonly told: ToThread[]
  ended: boolean
}

function setUp() {
  const workers: FakeWorker[] = []
  const shown: Hosting[] = []
  const talk = new MessageChannel()
  const gone = new AbortController()
  const open = (listener: EndpointListener): FakeWorker => {
    const worker: FakeWorker = {
      listener,
      told: [],
      ended: false,
      tell: (message) => worker.told.push(message),
      end: () => {
        worker.ended = true
      },
    }
    workers.push(worker)
    return worker
  }
  const tab = { port: talk.port2, gone: gone.signal }
  const host = hostThreads(tab, (state) => shown.push(state), open)
  const channels = [new MessageChannel(), new MessageChannel()] as const
  const [one, other] = channels
  const order = { type: 'host', title: 'AB–BA', threads: ['B', 'D'] }
  talk.port1.postMessage(order, [one.port2, other.port2])
  const end = () => {
    gone.abort(new TabError('gone', ''))
    for (const { port1 } of channels) port1.close()
  }
  return { workers, shown, talk, host, page: [one.port1, other.port1] as const, end }
}

function messageOf(port: MessagePort): Promise<unknown> {
  return new Promise((resolve) => {
    port.onmessage = ({ data }) => resolve(data)
  })
}

describe('a second tab', () => {
  it('has a worker for each thread, and passes on what page and worker say', async () => {
    const { workers, shown, page, end } = setUp()
    await vi.waitFor(() => expect(workers).toHaveLength(2))
    page[1].postMessage({ type: 'ping' })
    await vi.waitFor(() => expect(workers[1]?.told).toEqual([{ type: 'ping' }]))
    expect(workers[0]?.told).toEqual([])
    const pong: FromThread = { type: 'pong', time: 1 }
    workers[1]?.listener.hear(pong)
    expect(await messageOf(page[1])).toEqual(pong)
    expect(shown).toHaveLength(2)
    workers[0]?.listener.hear({ type: 'ready' })
    expect(await messageOf(page[0])).toEqual({ type: 'ready' })
    expect(shown.at(-1)).toEqual({
      kind: 'playing',
      title: 'AB–BA',
      threads: [
        { name: 'B', last: { type: 'ready' } },
        { name: 'D', last: undefined },
      ],
    })
    end()
  })

  it('says which worker failed', async () => {
    const { workers, page, end } = setUp()
    await vi.waitFor(() => expect(workers).toHaveLength(2))
    workers[0]?.listener.fail(new Error('no script'))
    expect(await messageOf(page[0])).toEqual({ type: 'failed', message: 'no script' })
    end()
  })

  it('tells the page that somebody wants the run to end', async () => {
    const { host, talk, end } = setUp()
    host.cancel()
    expect(await messageOf(talk.port1)).toEqual({ type: 'cancel' })
    end()
  })

  it('ends its workers when the page has gone', async () => {
    const { workers, shown, end } = setUp()
    await vi.waitFor(() => expect(workers).toHaveLength(2))
    end()
    expect(workers.map(({ ended }) => ended)).toEqual([true, true])
    expect(shown.at(-1)).toEqual({ kind: 'over' })
  })
})
