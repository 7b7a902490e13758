import { expect, it } from 'vitest'
import { type Background, background, type Job } from './background'

function setUp() {
  const shown: Background<number, string>[] = []
  const worker = background<number, string>((state) => shown.push(state))
  const jobs: (Job<number> & {
    resolve: (result: string) => void
    reject: (why: unknown) => void
  })[] = []
  const begin = () =>
    worker.begin((job) => new Promise((resolve, reject) => jobs.push({ ...job, resolve, reject })))
  return { shown, worker, jobs, begin }
}

const settled = () => new Promise((resolve) => setTimeout(resolve))

it('shows progress and the result', async () => {
  const { shown, jobs, begin } = setUp()
  begin()
  jobs[0]?.onProgress(3)
  jobs[0]?.resolve('found')
  await settled()
  expect(shown).toEqual([
    { kind: 'running', progress: undefined },
    { kind: 'running', progress: 3 },
    { kind: 'done', result: 'found' },
  ])
})

it('hears nothing more of what was cancelled', async () => {
  const { shown, jobs, begin, worker } = setUp()
  begin()
  worker.cancel()
  expect(jobs[0]?.signal.aborted).toBe(true)
  jobs[0]?.onProgress(3)
  jobs[0]?.reject(new Error('aborted'))
  await settled()
  expect(shown.at(-1)).toEqual({ kind: 'cancelled' })
  worker.cancel()
  expect(shown).toHaveLength(2)
})

it('lets the newest count', async () => {
  const { shown, jobs, begin } = setUp()
  begin()
  begin()
  expect(jobs[0]?.signal.aborted).toBe(true)
  jobs[0]?.resolve('old')
  jobs[1]?.resolve('new')
  await settled()
  expect(shown.filter(({ kind }) => kind === 'done')).toEqual([{ kind: 'done', result: 'new' }])
})

it('says why it failed', async () => {
  const { shown, jobs, begin } = setUp()
  begin()
  jobs[0]?.reject(new Error('no worker'))
  await settled()
  expect(shown.at(-1)).toEqual({ kind: 'failed', why: 'no worker' })
})
