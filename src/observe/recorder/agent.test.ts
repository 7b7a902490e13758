import { describe, expect, test } from 'vitest'
import { VirtualClock } from '../../locks/testing/virtual-clock'
import { describeAgent, finestStep, Gaps } from './agent'

describe('gaps', () => {
  let now = 0
  const page = Object.assign(new EventTarget(), { visibilityState: 'visible' })
  const view = new EventTarget()

  function watch(visibilityState = 'visible'): Gaps {
    now = 0
    page.visibilityState = visibilityState
    return new Gaps(() => now, page, view)
  }

  function at(time: number, target: EventTarget, type: string, more: object = {}): void {
    now = time
    target.dispatchEvent(Object.assign(new Event(type), more))
  }

  test('a hidden, a frozen and a cached time, and one that goes on', () => {
    const gaps = watch()
    page.visibilityState = 'hidden'
    at(10, page, 'visibilitychange')
    at(20, page, 'freeze')
    at(30, page, 'resume')
    page.visibilityState = 'visible'
    at(40, page, 'visibilitychange')
    at(50, view, 'pagehide', { persisted: true })
    at(60, view, 'pageshow')
    at(70, view, 'pagehide', { persisted: false })
    at(80, page, 'freeze')
    now = 90
    expect(gaps.list()).toEqual([
      { from: 20, to: 30, why: 'frozen' },
      { from: 10, to: 40, why: 'hidden' },
      { from: 50, to: 60, why: 'cached' },
      { from: 80, to: 90, why: 'frozen' },
    ])
    gaps.stop()
  })

  test('a page that is hidden from the beginning', () => {
    const gaps = watch('hidden')
    now = 5
    expect(gaps.list()).toEqual([{ from: 0, to: 5, why: 'hidden' }])
    gaps.stop()
  })

  test('one that goes on ends when it is stopped', () => {
    const gaps = watch('hidden')
    now = 5
    gaps.stop(4)
    now = 90
    expect(gaps.list()).toEqual([{ from: 0, to: 4, why: 'hidden' }])
    gaps.stop()
    expect(gaps.list()).toHaveLength(1)
  })

  test('none any more once it is stopped, nor where there is no page', () => {
    const gaps = watch()
    gaps.stop()
    at(10, page, 'freeze')
    expect(gaps.list()).toEqual([])
    expect(new Gaps(() => 0).list()).toEqual([])
  })
})

test('the finest step of a clock', () => {
  let readings = 0
  const coarse = new VirtualClock()
  coarse.now = () => Math.floor(readings++ / 7) * 0.25
  expect(finestStep(coarse)).toBe(0.25)
  expect(finestStep(new VirtualClock())).toBe(0)
})

test('a thread of Node is called one', () => {
  expect(describeAgent()).toEqual({ kind: 'thread', name: 'thread' })
})
