/** Somebody steals the lock with `navigator.locks` itself: nobody goes on as if nothing happened. */

import type { Page } from '@playwright/test'
import { expect, test } from './locks-tabs'

/** Steals, and lets go again once the browser has taken the lock from its holders. */
function steal(thief: Page, name: string): Promise<void> {
  return thief.evaluate(async (stolen) => {
    const hold = await agent.holdRaw(stolen, { steal: true })
    hold.release()
    await hold.ended
  }, name)
}

for (const fair of ['bounded', 'strict'] as const) {
  test(`${fair}: a run whose lock is stolen learns of it, and rejects when it has settled`, async ({
    openTab,
  }) => {
    const tab = await openTab()
    const thief = await openTab()
    await tab.evaluate((how) => {
      const log: string[] = []
      agent.keep('log', log)
      const mutex = agent.locks.mutex('cart', { fair: how })
      const running = mutex.run(async (hold) => {
        agent.keep('inside', true)
        await new Promise((aborted) => hold.signal.addEventListener('abort', aborted))
        log.push(`signal: ${hold.signal.reason.name}`)
        // Longer than the loss takes to be known: the rejection waits for it.
        for (let i = 0; i < 20; i++) await agent.turn()
        log.push('the callback settles')
        // Releasing what was lost is nothing.
        hold.release()
      })
      const ended = running.then(
        () => log.push('resolved'),
        (error) => log.push(`rejected: ${error.name} ${error.code}`),
      )
      agent.keep('ended', ended)
      return agent.held('cart')
    }, fair)
    await steal(thief, 'cart')
    const log = await tab.evaluate(async () => {
      await agent.kept('ended')
      return agent.kept<string[]>('log')
    })
    expect(log).toEqual([
      'signal: LockLostError',
      'the callback settles',
      'rejected: LockLostError lock-lost',
    ])
    for (const each of [tab, thief]) await each.evaluate(useCart)
  })

  test(`${fair}: who waits behind the stolen lock gets it after the thief`, async ({ openTab }) => {
    const tab = await openTab()
    const thief = await openTab()
    await tab.evaluate(async (how) => {
      const mutex = agent.locks.mutex('cart', { fair: how })
      agent.keep('lost', await mutex.acquire())
      const order: number[] = []
      const waiting = [1, 2, 3].map((which) => mutex.run(() => order.push(which)))
      agent.keep(
        'order',
        Promise.all(waiting).then(() => order),
      )
    }, fair)
    await steal(thief, 'cart')
    expect(await tab.evaluate(() => agent.kept('order'))).toEqual([1, 2, 3])
    const aborted = await tab.evaluate(async () => {
      const hold = await agent.kept<{ signal: AbortSignal; release(): void }>('lost')
      // A signal that is first asked for after the loss has aborted as well.
      const { aborted, reason } = hold.signal
      hold.release()
      hold.release()
      return [aborted, reason instanceof agent.latchkey.LockLostError]
    })
    expect(aborted).toEqual([true, true])
    await thief.evaluate(useCart)
  })

  test(`${fair}: a steal takes the lock from all readers, and from a writer in either of its parts`, async ({
    openTab,
  }) => {
    const tab = await openTab()
    const thief = await openTab()
    await tab.evaluate(async (how) => {
      const lock = agent.locks.rwLock('settings', { fair: how })
      agent.keep('holds', [await lock.acquireRead(), await lock.acquireRead()])
    }, fair)
    await steal(thief, 'settings')
    expect(await tab.evaluate(lossesOf)).toEqual(['LockLostError', 'LockLostError'])

    for (const part of ['settings', 'settings!w']) {
      await tab.evaluate(async (how) => {
        const lock = agent.locks.rwLock('settings', { fair: how })
        agent.keep('holds', [await lock.acquireWrite()])
      }, fair)
      await steal(thief, part)
      expect(await tab.evaluate(lossesOf)).toEqual(['LockLostError'])
      // The other part is not left behind.
      await thief.evaluate(() => agent.locks.rwLock('settings').write(() => {}))
      await tab.evaluate(() => agent.locks.rwLock('settings').write(() => {}))
    }
  })

  test(`${fair}: a writer that waits when its gate is stolen does not keep others out`, async ({
    openTab,
  }) => {
    const tab = await openTab()
    const thief = await openTab()
    await tab.evaluate(async (how) => {
      const lock = agent.locks.rwLock('settings', { fair: how })
      agent.keep('reader', await lock.acquireRead())
      agent.keep('writer', lock.acquireWrite())
      await agent.held('settings!w')
    }, fair)
    await steal(thief, 'settings!w')
    const outcome = await tab.evaluate(async () => {
      ;(await agent.kept<{ release(): void }>('reader')).release()
      return agent
        .kept<{ release(): void; signal: AbortSignal }>('writer')
        .then((writer) => {
          const { aborted } = writer.signal
          writer.release()
          return aborted ? 'lost' : 'held'
        })
        .catch((error) => error.name)
    })
    // He may have come in by then, or be told of the loss; what he may not do is wait for ever.
    expect(['held', 'lost', 'LockLostError']).toContain(outcome)
    await thief.evaluate(() => agent.locks.rwLock('settings').write(() => {}))
    await tab.evaluate(() => agent.locks.rwLock('settings').write(() => {}))
  })
}

test('a steal in the midst of a hot loop is lost by one run at most, and the loop goes on', async ({
  openTab,
}) => {
  const tab = await openTab()
  const thief = await openTab()
  await tab.evaluate(() => {
    const log = { runs: 0, lost: 0, other: 0, stop: false }
    agent.keep('log', log)
    const loop = async () => {
      while (!log.stop) {
        try {
          await agent.locks.mutex('cart').run(() => log.runs++)
        } catch (error) {
          if (error instanceof agent.latchkey.LockLostError) log.lost++
          else log.other++
        }
      }
      return log
    }
    agent.keep('loop', loop())
  })
  const steals = 20
  for (let i = 0; i < steals; i++) await steal(thief, 'cart')
  const log = await tab.evaluate(async () => {
    const log = await agent.kept<{ runs: number; stop: boolean }>('log')
    // It runs after the steals as before them.
    for (const { runs } = log; log.runs <= runs + 1000; ) await agent.turn()
    log.stop = true
    return agent.kept<{ lost: number; other: number }>('loop')
  })
  expect(log.other).toBe(0)
  expect(log.lost).toBeLessThanOrEqual(steals)
})

async function useCart(): Promise<void> {
  await agent.locks.mutex('cart').run(() => {})
  await agent.locks.mutex('cart', { fair: 'strict' }).run(() => {})
}

async function lossesOf(): Promise<string[]> {
  const holds = await agent.kept<{ signal: AbortSignal }[]>('holds')
  const losses = holds.map(async ({ signal }) => {
    if (!signal.aborted) {
      await new Promise((aborted) => signal.addEventListener('abort', aborted))
    }
    return signal.reason.name
  })
  return Promise.all(losses)
}
