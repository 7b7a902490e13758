/**
 * One queue for each name, by the Web Locks rules: the modes, the order, `ifAvailable`,
 * withdrawal and stealing. All of it whoever asks: one agent, or several in turn.
 */

import type { LockMode } from '../../../src/locks/index'
import { same } from '../check'
import type { Crowd } from '../crowd'
import type { Case } from '../suite'

export const queueCases: readonly Case<Crowd>[] = [
  order('a free lock is granted', async (crowd) => {
    same(await crowd.ask('x1'), 'held')
    same(await crowd.end('x1'), '')
  }),
  order('an exclusive lock is passed on in the order of asking', async (crowd) => {
    await crowd.queue('x1 x2 x3 x4')
    same(crowd.held, ['x1'])
    same(await crowd.end('x1'), 'x2')
    same(await crowd.end('x2'), 'x3')
    same(await crowd.end('x3'), 'x4')
  }),
  order('shared holds coexist', async (crowd) => {
    await crowd.queue('s1 s2 s3')
    same(crowd.held, ['s1', 's2', 's3'])
  }),
  order('an exclusive request waits for the last shared hold', async (crowd) => {
    await crowd.queue('s1 s2 x3')
    same(await crowd.end('s1'), '')
    same(await crowd.end('s2'), 'x3')
  }),
  order('a shared request waits for an exclusive hold', async (crowd) => {
    await crowd.queue('x1 s2')
    same(crowd.held, ['x1'])
    same(await crowd.end('x1'), 's2')
  }),
  order('a waiting exclusive request holds back later shared ones', async (crowd) => {
    await crowd.queue('s1 x2 s3 s4 x5 s6')
    same(crowd.held, ['s1'])
    same(await crowd.end('s1'), 'x2')
    same(await crowd.end('x2'), 's3 s4')
    same(await crowd.end('s3'), '')
    same(await crowd.end('s4'), 'x5')
    same(await crowd.end('x5'), 's6')
  }),
  order('shared requests apart from each other are not granted together', async (crowd) => {
    await crowd.queue('x1 s2 x3 s4')
    same(await crowd.end('x1'), 's2')
    same(await crowd.end('s2'), 'x3')
    same(await crowd.end('x3'), 's4')
  }),
  order('names do not wait for each other', async (crowd) => {
    await crowd.ask('x1', { name: 'a' })
    await crowd.ask('x2', { name: 'b' })
    same(crowd.held, ['x1', 'x2'])
  }),
  ...['', 'constructor', '__proto__', 'a\u0000b', 'é is not e\u0301', '💡', 'a b:c%', '/']
    .concat('x'.repeat(1000))
    .map((name) =>
      order(`any name will do: ${JSON.stringify(name).slice(0, 30)}`, async (crowd) => {
        await crowd.queue('x1 x2', { name })
        same(crowd.held, ['x1'])
        same(await crowd.end('x1'), 'x2')
      }),
    ),
  order('names that look alike are different', async (crowd) => {
    for (const [index, name] of ['A', 'a', 'a ', ' a', 'a\u0000', 'é', 'e\u0301'].entries()) {
      same(await crowd.ask(`x${index}`, { name }), 'held', JSON.stringify(name))
    }
  }),

  ...ifAvailable(),
  attempt('a refused try leaves no trace in the queue', async (crowd) => {
    await crowd.ask('x1')
    same(await crowd.ask('try', { ifAvailable: true }), 'refused')
    await crowd.ask('x2')
    same(await crowd.end('x1'), 'x2')
  }),
  attempt('a try that got the lock holds it as any other', async (crowd) => {
    same(await crowd.ask('try', { ifAvailable: true }), 'held')
    await crowd.ask('x1')
    same(crowd.held, ['try'])
    same(await crowd.end('try'), 'x1')
  }),
  attempt('a lock that was given back is available', async (crowd) => {
    await crowd.ask('x1')
    await crowd.end('x1')
    same(await crowd.ask('try', { ifAvailable: true }), 'held')
  }),

  ...[
    ['head', 'x1', ['x2', 'x3']],
    ['middle', 'x2', ['x1', 'x3']],
    ['tail', 'x3', ['x1', 'x2']],
  ].map(([where, gone, left]) =>
    withdrawal(`at the ${where} of the queue takes out nobody else`, async (crowd) => {
      await crowd.queue('x0 x1 x2 x3')
      same(await crowd.end(gone as string), '')
      const [first, second] = left as [string, string]
      same(await crowd.end('x0'), first)
      same(await crowd.end(first), second)
      same(await crowd.end(second), '')
    }),
  ),
  {
    ...withdrawal('of a waiting writer lets the readers behind it through', async (crowd) => {
      await crowd.queue('s1 x2 s3 s4 x5 s6')
      same(await crowd.end('x2'), 's3 s4')
      same(crowd.held, ['s1', 's3', 's4'])
    }),
    unless: {
      quirk: 'withdrawal leaves the queue standing',
      async run(crowd) {
        await crowd.queue('s1 x2 s3 s4 x5 s6')
        same(await crowd.end('x2'), '')
        same(await crowd.end('s1'), 's3 s4')
      },
    },
  },
  withdrawal('of a waiting reader lets nobody past a writer', async (crowd) => {
    await crowd.queue('s1 x2 s3 s4')
    same(await crowd.end('s3'), '')
    same(crowd.held, ['s1'])
  }),
  {
    ...withdrawal('of the first of several writers lets no reader through', async (crowd) => {
      await crowd.queue('s1 x2 x3 s4')
      same(await crowd.end('x2'), '')
      same(await crowd.end('x3'), 's4')
    }),
    unless: {
      quirk: 'withdrawal leaves the queue standing',
      async run(crowd) {
        await crowd.queue('s1 x2 x3 s4')
        same(await crowd.end('x2'), '')
        same(await crowd.end('x3'), '')
        same(await crowd.end('s1'), 's4')
      },
    },
  },

  stealing('of a free lock', async (crowd) => {
    same(await crowd.ask('thief', { steal: true }), 'held')
  }),
  stealing('makes an exclusive holder lose the lock', async (crowd) => {
    await crowd.ask('x1')
    same(await crowd.ask('thief', { steal: true }), 'held')
    same([crowd.state('x1'), crowd.asked('x1').reason], ['lost', 'stolen'])
  }),
  stealing('makes every shared holder lose the lock', async (crowd) => {
    await crowd.queue('s1 s2 s3')
    await crowd.ask('thief', { steal: true })
    same(crowd.held, ['thief'])
    same(
      ['s1', 's2', 's3'].map((id) => crowd.state(id)),
      ['lost', 'lost', 'lost'],
    )
  }),
  stealing('goes before everybody who waits, and leaves their order alone', async (crowd) => {
    await crowd.queue('x1 x2 s3 s4 x5')
    await crowd.ask('thief', { steal: true })
    same(crowd.held, ['thief'])
    same(await crowd.end('thief'), 'x2')
    same(await crowd.end('x2'), 's3 s4')
  }),
  stealing('can be done to a thief', async (crowd) => {
    await crowd.queue('x1 x2')
    await crowd.ask('thief', { steal: true })
    await crowd.ask('another', { steal: true })
    same([crowd.state('thief'), crowd.state('another')], ['lost', 'held'])
    same(await crowd.end('another'), 'x2')
  }),
  stealing('leaves other names alone', async (crowd) => {
    await crowd.ask('other', { name: 'b' })
    await crowd.ask('thief', { steal: true })
    same(crowd.held, ['other', 'thief'])
  }),
]

function order(title: string, run: Case<Crowd>['run']): Case<Crowd> {
  return { group: 'order', title, run }
}

function attempt(title: string, run: Case<Crowd>['run']): Case<Crowd> {
  return { group: 'ifAvailable', title, run }
}

function withdrawal(title: string, run: Case<Crowd>['run']): Case<Crowd> {
  return { group: 'withdrawal', title, run }
}

function stealing(title: string, run: Case<Crowd>['run']): Case<Crowd> {
  return { group: 'steal', title, run }
}

function ifAvailable(): Case<Crowd>[] {
  const table: readonly [busy: string, mode: LockMode, answer: string][] = [
    ['', 'exclusive', 'held'],
    ['', 'shared', 'held'],
    ['x1', 'exclusive', 'refused'],
    ['x1', 'shared', 'refused'],
    ['s1', 'exclusive', 'refused'],
    ['s1', 'shared', 'held'],
    ['s1 x2', 'shared', 'refused'],
    ['x1 s2', 'shared', 'refused'],
  ]
  return table.map(([busy, mode, answer]) =>
    attempt(`${mode}, while ${busy || 'nobody'} is there: ${answer}`, async (crowd) => {
      await crowd.queue(busy)
      same(await crowd.ask('try', { mode, ifAvailable: true }), answer)
    }),
  )
}
