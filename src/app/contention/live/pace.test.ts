import { expect, it } from 'vitest'
import { Pace } from './pace'

it('says how many sections were done in each second between two counts', () => {
  const pace = new Pace()
  pace.note(100, 10)
  pace.note(110, 11)
  pace.note(300, 50)
  expect(pace.points()).toEqual([
    { time: 50, value: 100 },
    { time: 200, value: 200 },
  ])
})

it('stays small, and still right', () => {
  const pace = new Pace(50)
  for (let second = 1; second <= 1_000; second++) pace.note(second * 1_000, second * 7)
  const points = pace.points()
  expect(points.length).toBeLessThanOrEqual(50)
  for (const { value } of points) expect(value).toBeCloseTo(7)
})

it('says nothing before anything was counted', () => {
  expect(new Pace().points()).toEqual([])
})
