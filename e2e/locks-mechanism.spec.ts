/** A mechanism that is asked for by name, where the origin would give another one. */

import type { Hold } from '../src/locks/index'
import { expect, soon, test } from './locks-tabs'

test('IndexedDB excludes all who ask for it, and them alone', async ({ openTab }) => {
  const [one, other] = [await openTab(), await openTab()]
  await one.evaluate(async () => {
    const locks = agent.latchkey.createLocks({ mechanism: 'indexed-db' })
    agent.keep('hold', await locks.task('one').mutex('cart').acquire())
  })
  const seen = await other.evaluate(async () => {
    const { createLocks } = agent.latchkey
    const locks = createLocks({ mechanism: 'indexed-db' })
    return {
      support: locks.support(),
      tried: await locks.mutex('cart').tryAcquire(),
      usual: await createLocks()
        .mutex('cart')
        .run(() => 'free'),
      asUsual: await createLocks({ mechanism: 'web-locks' })
        .mutex('cart')
        .run(() => 'free'),
      raw: await navigator.locks.request('cart', { ifAvailable: true }, (lock) => lock !== null),
    }
  })
  expect(seen).toMatchObject({
    support: { reach: 'origin', supported: true, mechanism: 'indexed-db' },
    tried: null,
    usual: 'free',
    asUsual: 'free',
    raw: true,
  })
  await one.evaluate(async () => (await agent.kept<Hold>('hold')).release())
})

test("who waits over it hears who holds, and nothing of the origin's usual locks", async ({
  openTab,
}) => {
  const [one, other] = [await openTab(), await openTab()]
  await one.evaluate(async () => {
    const { createLocks } = agent.latchkey
    const locks = createLocks({ mechanism: 'indexed-db' })
    agent.keep('hold', await locks.task('keeper').mutex('cart').acquire())
    agent.keep('usual', await createLocks().task('stranger').mutex('cart').acquire())
  })
  await expect
    .poll(
      () =>
        other.evaluate(async () => {
          const locks = agent.latchkey.createLocks({ mechanism: 'indexed-db' })
          const error = await locks
            .mutex('cart')
            .acquire({ timeout: 200 })
            .catch((reason) => reason)
          return error.report.holders.map(({ task }: { task: string }) => task)
        }),
      soon,
    )
    .toEqual(['keeper'])
  await one.evaluate(async () => {
    for (const what of ['hold', 'usual']) {
      ;(await agent.kept<Hold>(what)).release()
    }
  })
})
