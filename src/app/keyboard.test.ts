// @vitest-environment happy-dom
import { beforeEach, describe, expect, it } from 'vitest'
import { isPresent } from './action'
import { actions } from './actions'
import { actionFor, listenToKeys } from './keyboard'
import { pages } from './pages'
import { toEnd } from './seven-seconds/moments'
import { useStore } from './store'

const fresh = useStore.getInitialState()
beforeEach(() => {
  useStore.setState(fresh, true)
  document.body.innerHTML = ''
})

function press(key: string, more: Partial<KeyboardEvent> = {}) {
  const event = { key, shiftKey: false, ctrlKey: false, altKey: false, metaKey: false }
  return actionFor({ ...event, target: document.body, ...more }, useStore.getState())?.id
}

function element(html: string): Element {
  document.body.innerHTML = html
  const [first] = document.body.children
  if (!first) throw new Error('No element')
  return first
}

describe('keys', () => {
  it('belong to one action each, on every page', () => {
    const expectApart = () => {
      const present = actions.filter((action) => isPresent(action, useStore.getState()))
      const caps = present.flatMap(({ keys }) => keys.map((key) => key.cap))
      expect(new Set(caps).size).toBe(caps.length)
    }
    for (const { id } of pages) {
      useStore.getState().openPage(id)
      expectApart()
    }
    useStore.getState().openPage('deadlocks')
    useStore.getState().deadlocks.takeOver(true)
    expectApart()
  })

  it('are of the page that is shown', () => {
    expect(press('s')).toBeUndefined()
    expect(press('2')).toBe('page:deadlocks')
    useStore.getState().openPage('deadlocks')
    expect(press('s')).toBe('deadlocks:choose')
    expect(press('2')).toBe('page:deadlocks')
    useStore.getState().deadlocks.takeOver(true)
    expect(press('2')).toBe('step-2')
    expect(press('7')).toBeUndefined()
  })

  it('find their action', () => {
    expect(press(' ')).toBe('play')
    expect(press('ArrowRight')).toBe('forward')
    expect(press('ArrowRight', { shiftKey: true })).toBe('second-forward')
    expect(press('End')).toBe('end')
    expect(press('?', { shiftKey: true })).toBe('keys')
    expect(press('+', { shiftKey: true })).toBe('faster')
    expect(press('=')).toBe('faster')
    expect(press('x')).toBeUndefined()
  })

  it('do nothing that cannot be done now', () => {
    expect(press('ArrowLeft')).toBeUndefined()
    useStore.getState().move(toEnd)
    expect(press('ArrowLeft')).toBe('back')
    expect(press('ArrowRight')).toBeUndefined()
  })

  it('leave typing, dialogs and other programs’ combinations alone', () => {
    expect(press('End', { target: element('<input>') })).toBeUndefined()
    expect(press('ArrowRight', { target: element('<select></select>') })).toBeUndefined()
    expect(press('?', { target: element('<div contenteditable="true"></div>') })).toBeUndefined()
    expect(press('End', { target: element('<div role="menu"></div>') })).toBeUndefined()
    expect(press('ArrowRight', { altKey: true })).toBeUndefined()
    expect(press('1', { metaKey: true })).toBeUndefined()
  })

  it('leave Space to a focused button, and keep the arrows', () => {
    const button = element('<button>')
    expect(press(' ', { target: button })).toBeUndefined()
    expect(press('ArrowRight', { target: button })).toBe('forward')
  })

  it('are prevented from scrolling the page only when they act', () => {
    const stop = listenToKeys(window, useStore.getState)
    const acted = new KeyboardEvent('keydown', { key: 'End', cancelable: true, bubbles: true })
    document.body.dispatchEvent(acted)
    expect(acted.defaultPrevented).toBe(true)
    expect(useStore.getState().moment.time).toBeGreaterThan(0)
    const idle = new KeyboardEvent('keydown', { key: 'PageDown', cancelable: true, bubbles: true })
    document.body.dispatchEvent(idle)
    expect(idle.defaultPrevented).toBe(false)
    stop()
  })
})
