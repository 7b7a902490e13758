/** Each rule of the judge, broken by a few notes. */

import { describe, expect, test } from 'vitest'
import { judge } from './judge'
import { asks, type Note, type NoteKind, noteKinds } from './notes'

const modes = { '': asks.exclusive, s: asks.shared, t: asks.steal }

/**
 * `1 asks` is a note of thread 1's only request; `1s asks` is a shared one, `1t asks` a thief;
 * `1 granted !` was told of a death, and `1 mints 5` was given the fence 5.
 */
function notes(text: string): readonly Note[] {
  return text.split(', ').map((said) => {
    const [who = '', what = '', told] = said.split(' ')
    const kind = noteKinds.find((each) => each === what) ?? ('asks' satisfies NoteKind)
    const mode = modes[who.slice(1) as keyof typeof modes]
    const detail = kind === 'asks' ? mode : told === '!' ? 1 : Number(told ?? 0)
    const thread = Number(who[0])
    return { thread, kind, name: kind === 'died' ? 0 : 7, request: thread * 16, detail }
  })
}

const through = (who: string) => `${who} asks, ${who} granted, ${who} ends, ${who} ended`

describe('nothing is wrong when', () => {
  test.each([
    `${through('0')}, ${through('1')}`,
    '0s asks, 1s asks, 0 granted, 1 granted, 0 ends, 1 ends, 0 ended, 1 ended',
    '0 asks, 0 granted, 1 asks, 1 refused, 0 ends, 0 ended',
    '0 asks, 0 granted, 1t asks, 1 granted, 0 lost, 1 ends, 1 ended',
    '0 asks, 0 granted, 1 asks, 0 died, 1 granted !, 1 ends, 1 ended',
    '0 asks, 0 queued, 1 asks, 0 ends, 1 granted, 1 ends, 1 ended, 0 ended',
    '0s asks, 0 granted, 1 asks, 0 died, 1 granted, 1 ends, 1 ended',
    '0 asks, 0 granted, 1t asks, 1 granted, 1 mints 2, 0 mints 1, 0 lost, 1 ends, 1 ended',
  ])('%s', (text) => {
    expect(judge(notes(text), true)).toBeUndefined()
  })
})

describe('something is wrong when', () => {
  test.each([
    ['two hold it', '0 asks, 1 asks, 0 granted, 1 granted', 'hold one lock'],
    ['a reader meets a writer', '0 asks, 1s asks, 0 granted, 1 granted', 'hold one lock'],
    ['one overtakes', '0 asks, 0 queued, 1 asks, 1 granted', 'overtook'],
    ['nobody was in the way', `${through('0')}, 1 asks, 1 refused`, 'nobody stood in its way'],
    ['nobody was robbed', '0 asks, 0 granted, 0 lost', 'there is no thief'],
    ['one waits for ever', '0 asks, 0 queued', 'never came to an end'],
    [
      'the robbed hears nothing',
      `0 asks, 0 granted, ${through('1t')}`,
      'was robbed and never told',
    ],
    ['nobody tells of a death', '0 asks, 0 granted, 1 asks, 0 died, 1 granted', 'was not told'],
    ['nobody died', '0 asks, 0 granted !', 'but nobody did'],
    ['only a reader died', '0s asks, 0 granted, 0 died, 1 asks, 1 granted !', 'but nobody did'],
    [
      'two have one fence',
      `0 asks, 0 granted, 0 mints 1, 0 ends, 0 ended, 1 asks, 1 granted, 1 mints 1`,
      'the fence 1',
    ],
    [
      'fences fall',
      `0 asks, 0 granted, 0 mints 5, 0 ends, 0 ended, 1 asks, 1 granted, 1 mints 4`,
      'the fence 4',
    ],
    [
      'the robbed mints after the thief',
      '0 asks, 0 granted, 1t asks, 1 granted, 1 mints 1, 0 mints 2',
      'the fence 2',
    ],
    ['there is no such fence', '0 asks, 0 granted, 0 mints 0', 'given 0 as fence'],
    ['it was not asked for', '0 granted', 'before it asks'],
  ])('%s', (_, text, wrong) => {
    expect(judge(notes(text), true)).toContain(wrong)
  })
})
