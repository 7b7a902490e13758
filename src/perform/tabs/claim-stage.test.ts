import { expect, it } from 'vitest'
import { createLocks } from '../../locks'
import { claimStage } from './claim-stage'

it('stages have names of their own, which are used again', async () => {
  const locks = createLocks({ reach: 'realm' })
  const [one, two] = [await claimStage(locks), await claimStage(locks)]
  expect([one.name, two.name]).toEqual(['demo 1', 'demo 2'])
  one.release()
  const three = await claimStage(locks)
  expect(three.name).toBe('demo 1')
  two.release()
  three.release()
  expect(locks.stats().holds).toBe(0)
})
