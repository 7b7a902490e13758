/**
 * The JavaScript file behind a command of an installed package, to be run by this very Node:
 * `.bin` holds shell scripts, which Windows can not start without a shell.
 */
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

export const root = resolve(import.meta.dirname, '..')

export function tool(name: string, command = name): string {
  const folder = join(root, 'node_modules', name)
  const { bin } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    bin?: string | Record<string, string>
  }
  const path = typeof bin === 'object' ? bin[command] : bin
  if (path === undefined) throw new Error(`package ${name} has no command ${command}`)
  return join(folder, path)
}
