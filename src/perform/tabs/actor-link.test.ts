import { describe, expect, it } from 'vitest'
import { ActorLink } from './actor-link'
import type { ToActor } from './protocol'

function linked() {
  const sent: ToActor[] = []
  return { sent, link: new ActorLink((message) => sent.push(message)) }
}

describe('orders to a participant', () => {
  it('are answered each by its own answer, in any order', async () => {
    const { sent, link } = linked()
    const first = link.order('hold', { mode: 'read' })
    const second = link.order('release', undefined)
    expect(sent).toMatchObject([
      { id: 1, kind: 'hold' },
      { id: 2, kind: 'release' },
    ])
    link.hear({ type: 'did', id: 2, output: undefined })
    link.hear({ type: 'did', id: 1, output: { fence: 7 } })
    await expect(second).resolves.toBeUndefined()
    await expect(first).resolves.toEqual({ fence: 7 })
  })

  it('reject with the name of what went wrong there', async () => {
    const { link } = linked()
    const order = link.order('hold', { mode: 'write' })
    link.hear({ type: 'refused', id: 1, name: 'TimeoutError', why: 'held by Frame 2' })
    await expect(order).rejects.toMatchObject({ name: 'TimeoutError', message: 'held by Frame 2' })
  })

  it('reject when nobody answers any more', async () => {
    const { link } = linked()
    const order = link.order('freeze', { ms: 5 })
    link.end('Frame 1 has crashed')
    await expect(order).rejects.toMatchObject({ name: 'gone', message: 'Frame 1 has crashed' })
    // What comes late is nobody's.
    link.hear({ type: 'did', id: 1, output: undefined })
  })
})
