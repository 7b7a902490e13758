import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { Machine } from './machine'
import { installPackages } from './system-packages'

interface Play {
  readonly manager: string
  readonly isRoot?: boolean
  readonly env?: Record<string, string>
  readonly files?: readonly string[]
  readonly sudo?: boolean
}

async function play({ manager, isRoot = false, env = {}, files = [], sudo = false }: Play) {
  const there = [join('/bin', manager), ...files]
  const ran: string[] = []
  const said: string[] = []
  const machine: Machine = {
    platform: 'linux',
    env: { PATH: '/bin', ...env },
    isRoot,
    exists: (path) => there.includes(path),
    run: async (command, args) => {
      const line = [command, ...args].join(' ')
      if (line === 'sudo -n true') return sudo ? '' : undefined
      ran.push(line)
      return ''
    },
    say: (line) => said.push(line),
  }
  const packages = { 'apt-get': ['a', 'b'], pacman: ['c'] }
  const tried = await installPackages(machine, 'Firefox', packages)
  return { tried, ran, said }
}

it('root on Debian installs', async () => {
  const { tried, ran } = await play({ manager: 'apt-get', isRoot: true })
  expect(tried).toBe(true)
  expect(ran).toEqual([
    'env DEBIAN_FRONTEND=noninteractive apt-get update',
    'env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends a b',
  ])
})

it.each<[where: string, play: Omit<Play, 'manager'>]>([
  ['a container', { isRoot: true, files: ['/.dockerenv'] }],
  ['another container', { isRoot: true, files: ['/run/.containerenv'] }],
  ['a CI machine', { isRoot: true, env: { CI: '1' } }],
])('root in %s installs with any manager', async (_where, rest) => {
  const { ran } = await play({ manager: 'pacman', ...rest })
  expect(ran).toEqual(['env DEBIAN_FRONTEND=noninteractive pacman -Syu --noconfirm c'])
})

it('a CI machine that lets us become root installs', async () => {
  const { ran } = await play({ manager: 'pacman', env: { CI: '1' }, sudo: true })
  expect(ran).toEqual(['sudo -n env DEBIAN_FRONTEND=noninteractive pacman -Syu --noconfirm c'])
})

it.each<[who: string, play: Play, command: string]>([
  ['a user', { manager: 'apt-get', sudo: true }, 'sudo apt-get install a b'],
  ['root at home', { manager: 'pacman', isRoot: true }, 'sudo pacman -S c'],
  ['CI without root', { manager: 'pacman', env: { CI: '1' } }, 'sudo pacman -S c'],
])('%s is told the command, and nothing is changed', async (_who, machine, command) => {
  const { tried, ran, said } = await play(machine)
  expect([tried, ran]).toEqual([false, []])
  expect(said).toEqual([`To install Firefox: ${command}`])
})

it('a manager that has no such package is not asked', async () => {
  const { tried, ran, said } = await play({ manager: 'dnf', isRoot: true, env: { CI: '1' } })
  expect([tried, ran, said]).toEqual([false, [], []])
})
