import { expect, test } from 'vitest'
import { words } from './program-language'

test.each([
  ['title Recursive read lock', ['title']],
  ['thread Read all', ['thread']],
  ['  lock lock', ['lock']],
  ['  unlock all', ['unlock', 'all']],
  ['  all a b # all of them', ['all', '# all of them']],
  ['  defer unlock all', ['defer', 'unlock', 'all']],
  ['  SLEEP 1..10', ['SLEEP']],
  ['  lockers = n + 1', []],
])('in %j its words are told from names', (line, found) => {
  expect([...line.matchAll(words)].map(([word]) => word.trim())).toEqual(found)
})
