/** When a channel is open, and what is heard over it. */

import { afterEach, expect, test } from 'vitest'
import { type Bus, broadcastBus } from './bus'

const name = 'a channel'
const stops: (() => void)[] = []

afterEach(() => {
  for (const stop of stops.splice(0)) stop()
})

/** Resolves with the next message. */
function next(bus: Bus): Promise<unknown> {
  return new Promise((heard) => {
    stops.push(bus.listen(heard))
  })
}

test('a message is heard by all but its sender, also by who listens twice', async () => {
  const [one, other] = [broadcastBus(name), broadcastBus(name)]
  const own: unknown[] = []
  stops.push(one.listen((message) => own.push(message)))
  const heard: unknown[] = []
  const listener = (message: unknown) => heard.push(message)
  stops.push(other.listen(listener), other.listen(listener))
  const last = next(other)
  one.post('hello')
  expect(await last).toBe('hello')
  expect(heard).toEqual(['hello', 'hello'])
  expect(own).toEqual([])
})

test('who stops listening hears nothing more; the others do', async () => {
  const [one, other] = [broadcastBus(name), broadcastBus(name)]
  next(one)
  const heard: unknown[] = []
  const stop = other.listen((message) => heard.push(message))
  stop()
  const last = next(other)
  one.post('hello')
  await last
  expect(heard).toEqual([])
})

test('a page in the back/forward cache hears nothing, and does again when it is shown', async () => {
  const page = new EventTarget()
  const [one, other, third] = [broadcastBus(name), broadcastBus(name, page), broadcastBus(name)]
  next(one)
  const heard: unknown[] = []
  stops.push(other.listen((message) => heard.push(message)))
  page.dispatchEvent(new Event('pagehide'))
  const passed = next(third)
  one.post('to nobody')
  await passed
  page.dispatchEvent(new Event('pageshow'))
  const last = next(other)
  one.post('hello')
  await last
  expect(heard).toEqual(['hello'])
})

test('a page that goes on after all posts as before', async () => {
  const page = new EventTarget()
  const [one, other] = [broadcastBus(name), broadcastBus(name, page)]
  const heard = next(one)
  next(other)
  page.dispatchEvent(new Event('pagehide'))
  other.post('still here')
  expect(await heard).toBe('still here')
})

test('nothing is posted by who never listened', () => {
  // It would have nobody to hear the answer, and keeps no channel open.
  expect(() => broadcastBus(name).post('hello')).not.toThrow()
})
