// @vitest-environment happy-dom
import { act, Profiler } from 'react'
import { createRoot, type Root } from 'react-dom/client'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { useStore } from '../store'
import { momentAt } from './moments'
import SevenSeconds from './page'

const fresh = useStore.getInitialState()
let root: Root
let commits = 0

beforeEach(async () => {
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true)
  vi.spyOn(HTMLElement.prototype, 'clientWidth', 'get').mockReturnValue(1100)
  useStore.setState(fresh, true)
  const frame = document.createElement('div')
  document.body.append(frame)
  root = createRoot(frame)
  await act(() =>
    root.render(
      <Profiler
        id="page"
        onRender={() => {
          commits++
        }}
      >
        <SevenSeconds />
      </Profiler>,
    ),
  )
})

afterEach(async () => {
  await act(() => root.unmount())
  document.body.innerHTML = ''
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
})

const run = { steps: [], duration: 8000 }

const frames = (from: number, to: number) =>
  act(() => {
    for (let time = from; time < to; time += 16) {
      useStore.setState({ moment: momentAt(run, time) })
    }
  })

it('moves the playhead and the clock between two steps without rendering anything', async () => {
  // The first frame makes "back" possible, and the buttons that say so.
  await frames(84, 100)
  commits = 0
  await frames(100, 900)
  expect(commits).toBe(0)
  const playhead = document.querySelector('[data-testid="playhead"]')
  expect(playhead?.getAttribute('transform')).toMatch(/translate\(2\d\d/)
  expect(document.querySelector('[data-testid="readout"]')?.textContent).toContain('0.88 /')
})
