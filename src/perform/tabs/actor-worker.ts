/**
 * The worker of a participant. It tells its hirer and, once there is one, the page at the other end of the
 * port; either can give orders.
 */

import { createLocks } from '../../locks'
import { Actor } from './actor'
import type { FromActor, Setup, ToActor } from './protocol'

/** Of a worker: `self` is typed as a window's here. */
const hirer = { postMessage: self.postMessage.bind(self) as Worker['postMessage'] }
let page: MessagePort | undefined
let actor: Actor | undefined

function tell(message: FromActor): void {
  hirer.postMessage(message)
  page?.postMessage(message)
}

function hear(message: ToActor): void {
  switch (message.type) {
    case 'setup':
      setUp(message)
      return
    case 'order':
      actor?.obey(message)
      return
    case 'stop':
      actor?.stop()
  }
}

self.onmessage = ({ data, ports: [port] }: MessageEvent<ToActor>) => {
  if (port !== undefined) {
    page = port
    port.onmessage = (event: MessageEvent<ToActor>) => hear(event.data)
  }
  hear(data)
}

function setUp(setup: Setup): void {
  const support = createLocks({ mechanism: setup.mechanism }).support()
  if (!support.supported) {
    tell({ type: 'failed', why: support.reason })
    return
  }
  const made = new Actor(setup, tell)
  made.locks.ready().then(
    () => {
      actor = made
      tell({ type: 'ready', mechanism: support.mechanism })
    },
    (error: unknown) => tell({ type: 'failed', why: String(error) }),
  )
}
