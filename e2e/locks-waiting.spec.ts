/** Waits that are given up, and tries that must not wait: what the browser's own queue makes of them. */

import type { Page } from '@playwright/test'
import { expect, openWorker, soon, test } from './locks-tabs'

for (const fair of ['bounded', 'strict'] as const) {
  test(`${fair}: a wait that is given up leaves the browser's queue, and only its own place in it`, async ({
    openTab,
  }) => {
    const holder = await openTab()
    const tab = await openTab()
    const other = await openTab()
    await holder.evaluate(async () => agent.keep('hold', await agent.locks.mutex('cart').acquire()))
    await tab.evaluate(async (how) => {
      const controller = new AbortController()
      agent.keep('give up', { now: () => controller.abort(new Error('changed my mind')) })
      const mutex = agent.locks.mutex('cart', { fair: how })
      agent.keep('wait', mutex.acquire({ signal: controller.signal }))
      await agent.queued('cart')
    }, fair)
    await other.evaluate(async (how) => {
      agent.keep(
        'ran',
        agent.locks.mutex('cart', { fair: how }).run(() => 'ran'),
      )
      await agent.queued('cart', 2)
    }, fair)
    const outcome = await tab.evaluate(async () => {
      ;(await agent.kept<{ now(): void }>('give up')).now()
      const reason = await agent.kept('wait').catch((error) => error.message)
      const { held = [], pending = [] } = await navigator.locks.query()
      return [reason, held.length, pending.length, agent.locks.stats().waits]
    })
    // The other tab's wait is the one that is left.
    expect(outcome).toEqual(['changed my mind', 1, 1, 0])
    await holder.evaluate(async () => (await agent.kept<{ release(): void }>('hold')).release())
    expect(await other.evaluate(() => agent.kept('ran'))).toBe('ran')
  })

  test(`${fair}: a wait that is given up at once, as the first thing an agent does, leaves nothing`, async ({
    openTab,
  }) => {
    const holder = await openTab()
    await holder.evaluate(async () => {
      agent.keep('mutex', await agent.locks.mutex('cart').acquire())
      agent.keep('writer', await agent.locks.rwLock('settings').acquireWrite())
    })
    const tab = await openTab()
    const outcome = await tab.evaluate(async (how) => {
      const controller = new AbortController()
      const { signal } = controller
      const waits = [
        agent.locks.mutex('cart', { fair: how }).acquire({ signal }),
        agent.locks.rwLock('settings', { fair: how }).acquireRead({ signal }),
        agent.locks.rwLock('settings', { fair: how }).acquireWrite({ signal }),
      ]
      controller.abort('changed my mind')
      const ends = await Promise.allSettled(waits)
      const { pending } = await agent.locks.query()
      return [...ends.map((end) => end.status === 'rejected' && end.reason), pending.length]
    }, fair)
    expect(outcome).toEqual(['changed my mind', 'changed my mind', 'changed my mind', 0])
    await tab.evaluate(async () => {
      for (const name of ['cart', 'settings', 'settings!w']) await agent.queued(name, 0)
    })
    await holder.evaluate(async () => {
      for (const what of ['mutex', 'writer']) {
        ;(await agent.kept<{ release(): void }>(what)).release()
      }
    })
  })

  test(`${fair}: right after its own release a try succeeds, in pages and in workers`, async ({
    openTab,
  }) => {
    const tab = await openTab()
    const agents: readonly Pick<Page, 'evaluate'>[] = [tab, await openWorker(tab)]
    for (const each of agents) {
      const refused = await each.evaluate(async (how) => {
        const mutex = agent.locks.mutex('cart', { fair: how })
        const lock = agent.locks.rwLock('settings', { fair: how })
        const users = agent.locks.keyedMutex('user', { fair: how })
        const tries = {
          mutex: () => mutex.tryAcquire(),
          key: () => users.tryAcquire(7),
          read: () => lock.tryAcquireRead(),
          write: () => lock.tryAcquireWrite(),
        }
        const refused: string[] = []
        for (let round = 0; round < 25; round++) {
          for (const [what, attempt] of Object.entries(tries)) {
            // The second asks in the same breath in which the first lets go.
            for (const which of ['first', 'second']) {
              const hold = await attempt()
              if (hold === null) refused.push(`${round}: ${which} ${what}`)
              hold?.release()
            }
          }
          await mutex.run(() => {})
          const afterRun = await tries.mutex()
          if (afterRun === null) refused.push(`${round}: after a run`)
          afterRun?.release()
          const writer = await lock.acquireWrite()
          const reader = await writer.downgrade()
          const beside = await tries.read()
          if (beside === null) refused.push(`${round}: beside a reader`)
          beside?.release()
          if ((await tries.write()) !== null) refused.push(`${round}: granted beside a reader`)
          reader.release()
        }
        return refused
      }, fair)
      expect(refused).toEqual([])
    }
  })

  test(`${fair}: a try is refused while another tab holds the lock or waits for it`, async ({
    openTab,
  }) => {
    const holder = await openTab()
    const tab = await openTab()
    await holder.evaluate(async (how) => {
      const lock = agent.locks.rwLock('settings', { fair: how })
      agent.keep('holds', [
        await agent.locks.mutex('cart', { fair: how }).acquire(),
        await lock.acquireRead(),
        await agent.holdRaw('raw'),
      ])
    }, fair)
    expect(
      await tab.evaluate(async (how) => {
        const lock = agent.locks.rwLock('settings', { fair: how })
        const read = await lock.tryAcquireRead()
        const readBeside = read !== null
        read?.release()
        return {
          cart: await agent.locks.mutex('cart', { fair: how }).tryAcquire(),
          raw: await agent.locks.mutex('raw', { fair: how }).tryAcquire(),
          write: await lock.tryAcquireWrite(),
          readBeside,
        }
      }, fair),
    ).toEqual({ cart: null, raw: null, write: null, readBeside: true })

    // Now a writer of that tab waits behind its own reader: no more readers.
    await holder.evaluate(async (how) => {
      agent.keep('writer', agent.locks.rwLock('settings', { fair: how }).acquireWrite())
      await agent.held('settings!w')
      if (how === 'strict') await agent.queued('settings')
    }, fair)
    const afterwards = await tab.evaluate(async (how) => {
      const lock = agent.locks.rwLock('settings', { fair: how })
      // The refused write has given the gate back: the other one has it now.
      return [how === 'bounded' ? null : await lock.tryAcquireRead(), await lock.tryAcquireWrite()]
    }, fair)
    expect(afterwards).toEqual([null, null])
    await holder.evaluate(async () => {
      const holds = await agent.kept<{ release(): void }[]>('holds')
      for (const hold of holds) hold.release()
      ;(await agent.kept<{ release(): void }>('writer')).release()
    })
    expect(
      await tab.evaluate(async () => {
        const hold = await agent.locks.mutex('cart').acquire()
        hold.release()
        return hold.name
      }),
    ).toBe('cart')
  })
}

test('a timeout of 0 does not wait, and its error says who holds the lock', async ({ openTab }) => {
  const tab = await openTab()
  const attempt = () =>
    tab.evaluate(async () => {
      const hold = await agent.locks.task('checkout').mutex('cart').acquire()
      const failure = await agent.locks
        .mutex('cart')
        .run(() => 'ran', { timeout: 0 })
        .catch((reason) => reason)
      hold.release()
      return [failure.name, failure.report.holders[0]?.task]
    })
  // What explains is loaded with the first error, which does not wait long for it.
  await expect.poll(attempt, soon).toEqual(['TimeoutError', 'checkout'])
})
