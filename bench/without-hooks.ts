/**
 * The library as if nobody could look on: takes the hooks of detection, order checks, recording and
 * events out of its sources while they are bundled. What hooks cost that nobody uses is measured
 * against this. Each statement must be there, exactly and once: else the build fails.
 */

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Plugin } from 'vite'
import { root } from '../scripts/tool'

/** Statements by file. What is removed leaves nothing behind. */
export const hooks: Readonly<Record<string, readonly string[]>> = {
  'src/locks/task-hold.ts': [
    '  noted: unknown = undefined\n',
    '    this.space.order?.asks(this)\n',
    '    this.space.recorder?.waits(this)\n',
    '    this.space.detector?.waits(this, options)\n',
    `    if (space.emitRare === undefined || (space.emit === undefined && isCommon(what))) return
    space.emitRare(what, this, reason === undefined ? this.more.details : { reason })
`,
    "    if (what !== 'request') space.recorder?.hears(what, this, reason && { reason })\n",
  ],
  'src/locks/blocking.ts': [
    '  hold.space.order?.asks(hold)\n',
    '  hold.space.recorder?.waits(hold, true)\n',
  ],
}

/** @throws Error if a statement is not in the text exactly once */
export function takeOut(file: string, text: string, statements: readonly string[]): string {
  return statements.reduce((rest, statement) => {
    const parts = rest.split(statement)
    if (parts.length !== 2) {
      throw new Error(`${file} has ${parts.length - 1} times, not once: ${statement.trim()}`)
    }
    return parts.join('')
  }, text)
}

export function withoutHooks(): Plugin {
  const missing = new Set(Object.keys(hooks))
  return {
    name: 'without-hooks',
    enforce: 'pre',
    load(id) {
      const file = Object.keys(hooks).find((each) => join(root, each) === id)
      if (file === undefined) return undefined
      missing.delete(file)
      return takeOut(file, readFileSync(id, 'utf8'), hooks[file] ?? [])
    },
    buildEnd() {
      if (missing.size > 0) throw new Error(`not bundled at all: ${[...missing].join(', ')}`)
    },
  }
}
