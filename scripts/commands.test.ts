/**
 * The commands that the docs tell people to type. `npm ci && npm test` is what CI itself runs
 * (.ci/run), so no test can run it from within; the steps of `npm run example` are steps of the build
 * suite. Of all commands it is looked up here that they exist, and `npm start` is started.
 */

import { spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { freePort } from './free-port'
import { root, tool } from './tool'

const example = 'examples/two-tab-cart'
const documents = [
  'README.md',
  `${example}/README.md`,
  ...readdirSync(join(root, 'docs')).map((name) => `docs/${name}`),
]
const scripts = { ...scriptsOf(example), ...scriptsOf('.') }

function scriptsOf(folder: string): Readonly<Record<string, string>> {
  return JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')).scripts
}

/** Each command of each `sh` block, and each `npm run …` of the text. */
const commands = documents
  .filter((name) => name.endsWith('.md'))
  .flatMap((name) => {
    const text = readFileSync(join(root, name), 'utf8')
    const blocks = [...text.matchAll(/^```sh\n([\s\S]*?)^```/gm)].map(([, block = '']) => block)
    const lines = blocks.flatMap((block) => block.trim().split('\n'))
    const inText = [...text.matchAll(/`(npm (?:run|install) [^`]+)`/g)].map(([, word = '']) => word)
    return [...lines, ...inText].flatMap((line) => line.replace(/\s*#.*$/, '').split(' && '))
  })

it('there are commands', () => {
  expect(commands).toContain('npm ci')
  expect(commands).toContain('npm start')
  expect(commands).toContain('npm test')
})

it.each([...new Set(commands)])('%s is a command of npm or of package.json', (command) => {
  const [npm, name = '', script = ''] = command.split(' ')
  expect(npm).toBe('npm')
  // Those of npm itself.
  if (name === 'ci' || name === 'pack' || name === 'install') return
  expect(Object.keys(scripts)).toContain(name === 'run' ? script : name)
})

it('npm start serves the laboratory', async () => {
  expect(scripts.start).toBe('vite')
  const port = await freePort()
  const server = spawn(process.execPath, [tool('vite'), '--port', `${port}`, '--strictPort'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  try {
    await new Promise<void>((ready, fail) => {
      server.once('exit', (code) => fail(new Error(`vite ended with ${code}`)))
      server.stdout.on('data', (words) => {
        if (String(words).includes(String(port))) ready()
      })
    })
    const page = await fetch(`http://localhost:${port}/`)
    expect(await page.text()).toContain('Latchkey')
  } finally {
    server.kill()
  }
}, 60_000)
