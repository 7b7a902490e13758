import { expect, it } from 'vitest'
import { acquisition } from '../testing/random-run'
import { Lanes } from './lanes'
import { summaryOf } from './summary'

const lanes = new Lanes({ start: 0 })
lanes.addAgent('w1')
lanes.addAgent('w2')
lanes.addAgent('idle')
for (const event of [
  ...acquisition({ request: 'a', agent: 'w1', from: 0, granted: 0, released: 40 }),
  ...acquisition({ request: 'b', agent: 'w2', from: 10, granted: 40, released: 100 }),
].sort((x, y) => x.time - y.time)) {
  lanes.add(event)
}

it('says of each lane what is in sight of it', () => {
  const [first, second, idle] = summaryOf(lanes, { from: 0, to: 80 })
  expect(first).toMatchObject({ agent: 'w1', holds: 1, held: 40, heldShare: 0.5, waits: 0 })
  expect(first?.longest).toBeUndefined()
  expect(second).toMatchObject({ agent: 'w2', holds: 1, held: 40, waits: 1, waited: 30 })
  expect(second?.longest).toEqual({ ms: 30, lock: 'cart', selection: { track: 1, from: 10 } })
  expect(idle).toMatchObject({ holds: 0, waits: 0, held: 0 })
})

it('leaves out what is not', () => {
  const [, second] = summaryOf(lanes, { from: 60, to: 80 })
  expect(second).toMatchObject({ holds: 1, held: 20, heldShare: 1, waits: 0, waited: 0 })
})
