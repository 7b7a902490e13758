import { expect, it } from 'vitest'
import { runChild } from './child'

const node = (script: string, limit = 10_000) =>
  runChild(process.execPath, ['-e', script], { limit, grace: 200, quiet: true })

it('answers with exit code and output', async () => {
  const ended = await node("console.log('out'); console.error('err'); process.exitCode = 3")
  expect(ended).toMatchObject({ code: 3, timedOut: false })
  expect(ended.output).toBe('out\n')
  expect(ended.log).toContain('out\n')
  expect(ended.log).toContain('err\n')
})

it('a command that is not there has failed', async () => {
  const ended = await runChild('/no/such/command', [], { limit: 1000, quiet: true })
  expect(ended).toEqual({ code: undefined, timedOut: false, output: '', log: '' })
})

it('kills at its limit, with everything that the command started', async () => {
  // A grandchild that keeps the pipe open: were it left alive, the answer would not come.
  const grandchild =
    "require('child_process').spawn(process.execPath, ['-e', 'setInterval(()=>0, 1e6)'], { stdio: 'inherit' })"
  const ended = await node(`${grandchild}; setInterval(() => {}, 1e6)`, 300)
  expect(ended).toMatchObject({ code: undefined, timedOut: true })
})

it('kills what does not end when asked', async () => {
  const ended = await node("process.on('SIGINT', () => {}); setInterval(() => {}, 1e6)", 500)
  expect(ended).toMatchObject({ code: undefined, timedOut: true })
})
