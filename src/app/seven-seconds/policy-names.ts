/** The policies in the order of the page, and what each calls a thread. */

import type { PolicyId } from '../../scenario'

export const policyIds = ['go', 'web-locks', 'readers-first', 'writers-first'] as const

export const roleOf: Readonly<Record<PolicyId, string>> = {
  go: 'goroutine',
  'web-locks': 'worker',
  'readers-first': 'thread',
  'writers-first': 'thread',
}
