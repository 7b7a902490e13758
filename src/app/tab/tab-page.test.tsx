// @vitest-environment happy-dom
import { act } from 'react'
import { createRoot, type Root } from 'react-dom/client'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { TabPage } from './tab-page'
import type { Shown } from './words'

let root: Root

beforeEach(() => {
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true)
  const frame = document.createElement('div')
  document.body.append(frame)
  root = createRoot(frame)
})

afterEach(async () => {
  await act(() => root.unmount())
  document.body.innerHTML = ''
  vi.unstubAllGlobals()
})

async function buttonsOf(shown: Shown, cancel = () => {}) {
  await act(() => root.render(<TabPage shown={shown} cancel={cancel} close={() => {}} />))
  return [...document.querySelectorAll('button')]
}

const namesOf = (buttons: readonly HTMLButtonElement[]) =>
  buttons.map(({ textContent }) => textContent)

describe('a second tab', () => {
  it.each<Shown>([
    { kind: 'greeted' },
    { kind: 'playing', title: '', threads: [] },
    { kind: 'working', title: 'Convoy' },
  ])('cancels the run while it is $kind', async (shown) => {
    const cancel = vi.fn()
    const buttons = await buttonsOf(shown, cancel)
    expect(namesOf(buttons)).toEqual(['Cancel the run'])
    buttons[0]?.click()
    expect(cancel).toHaveBeenCalledOnce()
  })

  it('cancels nothing before and after', async () => {
    expect(namesOf(await buttonsOf({ kind: 'greeting' }))).toEqual([])
    expect(namesOf(await buttonsOf({ kind: 'over' }))).toEqual(['Close this tab'])
    expect(namesOf(await buttonsOf({ kind: 'alone' }))).toEqual(['Close this tab'])
  })
})
