import { describe, expect, it } from 'vitest'
import { completionsAt } from './completions'

const text = `var hits = 0
thread A
  lock left
  read table
  all left right
thread B
`

const offeredFor = (typed: string) => completionsAt(text + typed, text.length + typed.length)

describe('completionsAt', () => {
  it('offers the locks of the kind that the statement is about', () => {
    expect(offeredFor('  lock ')?.options).toEqual(['left', 'right'])
    expect(offeredFor('  write ')?.options).toEqual(['table'])
    expect(offeredFor('  defer unlock ')?.options).toEqual(['left', 'right', 'all'])
    expect(offeredFor('  all left ')?.options).toEqual(['right'])
  })

  it('completes the word that was begun', () => {
    const made = offeredFor('  lock ri')
    expect(made?.from).toBe(text.length + '  lock '.length)
    expect(made?.options).toContain('right')
  })

  it('offers statements below a thread, the head above', () => {
    expect(offeredFor('  ')?.options).toContain('unlock')
    expect(completionsAt('', 0)?.options).toContain('thread')
  })

  it('offers variables to load, and releases to defer', () => {
    expect(offeredFor('  n = ')?.options).toEqual(['hits'])
    expect(offeredFor('  defer ')?.options).toEqual(['unlock', 'unread', 'unwrite'])
  })

  it('keeps out of comments and of places where nothing more can stand', () => {
    expect(offeredFor('  lock left # un')).toBeUndefined()
    expect(offeredFor('  lock left ')).toBeUndefined()
    expect(offeredFor('  sleep ')).toBeUndefined()
  })
})
