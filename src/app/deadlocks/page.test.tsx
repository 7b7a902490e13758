// @vitest-environment happy-dom
import { act } from 'react'
import { createRoot, type Root } from 'react-dom/client'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { programCases } from '../../scenario'
import { useStore } from '../store'
import { programOf, programOfCase } from './catalogue/cases'
import DeadlocksPage from './page'

const fresh = useStore.getInitialState()
let root: Root

beforeEach(async () => {
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true)
  vi.spyOn(HTMLElement.prototype, 'clientWidth', 'get').mockReturnValue(700)
  useStore.setState({ ...fresh, page: 'deadlocks' }, true)
  const frame = document.createElement('div')
  document.body.append(frame)
  root = createRoot(frame)
  await act(() => root.render(<DeadlocksPage />))
})

afterEach(async () => {
  await act(() => root.unmount())
  document.body.innerHTML = ''
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
})

const deadlocks = () => useStore.getState().deadlocks
const text = (selector: string) => document.querySelector(selector)?.textContent ?? ''
const showCase = (id: string, variant: 'broken' | 'fixed') => {
  const entry = programCases.find((each) => each.id === id)
  if (!entry) throw new Error(`no case ${id}`)
  return act(() => deadlocks().show({ program: programOfCase({ entry, variant }) }))
}

describe('the page', () => {
  it.each(programCases.map(({ id, title }) => [id, title]))(
    'shows %s, broken and fixed',
    async (id, title) => {
      await showCase(id, 'broken')
      expect(text('.headline')).toContain(title)
      expect(document.querySelector('.verdict')?.getAttribute('data-kind')).toBe('bad')
      await act(() => deadlocks().goTo(deadlocks().schedule.length))
      expect(text('[data-testid="why"]')).toMatch(/^Step \d+\. \S/)
      await showCase(id, 'fixed')
      expect(document.querySelector('.verdict')?.getAttribute('data-kind')).toBe('good')
    },
  )

  it('draws the cycle only once it is closed, and says which wait closed it', async () => {
    await showCase('ab-ba', 'broken')
    await act(() => deadlocks().goTo(3))
    expect(document.querySelectorAll('.graph-edge')).toHaveLength(3)
    expect(document.querySelector('.graph-edge[data-cycle]')).toBeNull()
    await act(() => deadlocks().goTo(4))
    expect(document.querySelectorAll('.graph-edge[data-cycle]')).toHaveLength(4)
    expect(document.querySelectorAll('.graph-edge[data-closing]')).toHaveLength(1)
    expect(text('.graph-note')).toBe('closes the cycle')
    expect(text('[data-testid="graph-words"]')).toContain(
      'B’s wait for a closed the cycle A → B → A.',
    )
  })

  it('lets one schedule by hand: what is ahead is forgotten, and can be undone', async () => {
    await showCase('ab-ba', 'broken')
    await act(() => deadlocks().takeOver(true))
    expect(deadlocks().schedule).toEqual([])
    const press = (label: string) =>
      act(() => {
        const button = [
          ...document.querySelectorAll<HTMLButtonElement>('.thread-head button'),
        ].find((each) => each.textContent === label)
        button?.click()
      })
    await press('Step 2')
    await press('Step 1')
    await press('Step 1')
    expect(deadlocks().schedule).toEqual([1, 0, 0])
    expect(text('.verdict')).toBe('')
    // A waits: its button does nothing.
    await press('Step 1')
    expect(deadlocks().schedule).toEqual([1, 0, 0])
    await act(() => deadlocks().goTo(0))
    await press('Step 1')
    expect(deadlocks().schedule).toEqual([0])
  })

  it('keeps the picture while the text is wrong, and follows it when it is right', async () => {
    await act(() => deadlocks().type('thread Only\n  lock'))
    expect(text('.thread-name')).not.toContain('Only')
    await act(() => deadlocks().type('thread Only\n  lock a\n  unlock a'))
    expect(text('.thread-name')).toContain('Only')
    expect(text('h1')).toBe('Why does nobody go on?')
  })

  it('says what happens in a table, too', async () => {
    await act(() => deadlocks().show({ program: programOf('thread A\n lock a\n unlock a') }))
    await act(() => deadlocks().setView('table'))
    expect(text('tbody')).toContain('A takes a.')
    expect(text('tbody')).toContain('A gives a back.')
  })
})
