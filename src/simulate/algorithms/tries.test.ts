/** What a try answers under each lock, by who is inside and who waits. It never waits. */

import { expect, test } from 'vitest'
import type { PolicyId } from '../../scenario/scenario'
import { advance, begin, initial } from '../machine'
import { algorithms } from '../policies'
import type { OperationId } from '../types'

function answer(policy: PolicyId, before: readonly OperationId[], attempt: OperationId) {
  const algorithm = algorithms[policy]
  let state = initial(algorithm)
  const run = (thread: string, operation: OperationId) => {
    state = begin(state, thread, operation)
    let event: string | undefined
    while (state.frames[thread]?.parked === null) {
      const result = advance(algorithm, state, thread)
      state = result.state
      event = result.event ?? event
    }
    return event
  }
  before.forEach((operation, index) => {
    run(`${index}`, operation)
  })
  return run(attempt, attempt)
}

const policyIds: readonly PolicyId[] = ['go', 'web-locks', 'readers-first', 'writers-first']

const all = (event: string): Record<PolicyId, string> => ({
  go: event,
  'web-locks': event,
  'readers-first': event,
  'writers-first': event,
})

test.each([
  [[], 'TryRLock', all('grant')],
  [[], 'TryLock', all('grant')],
  [['RLock'], 'TryRLock', all('grant')],
  [['RLock'], 'TryLock', all('refuse')],
  [['Lock'], 'TryRLock', all('refuse')],
  [['Lock'], 'TryLock', all('refuse')],
  // A reader inside, a writer waiting: only where readers go first may another reader join.
  [['RLock', 'Lock'], 'TryRLock', { ...all('refuse'), 'readers-first': 'grant' }],
  [['RLock', 'Lock'], 'TryLock', all('refuse')],
] as const)('after %j, %s', (before, attempt, expected) => {
  for (const policy of policyIds) {
    expect(answer(policy, before, attempt), policy).toBe(expected[policy])
  }
})
