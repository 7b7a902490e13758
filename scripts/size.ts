/**
 * What the library costs a user: each row is a program bundled and minified from `dist/lib` as a
 * user's Vite would, then gzipped. Over budget fails. The budgets are bytes of min+gzip: what was
 * reached, plus room for a fix. A goal that was not reached yet is shown as missed.
 */

import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build } from 'vite'
import { entries } from './entries'
import { root } from './tool'

interface Row {
  readonly name: string
  readonly program: string
  /** What the user has anyway: only what comes to it is counted. */
  readonly beside?: string
  readonly budget: number
  readonly goal?: number
}

/** The inspector is for apps that use locks: the core would be there without it. */
const app = `import { createLocks } from 'latchkey'
  globalThis.used = createLocks()`
const inspected = `${app}
  import { showInspector } from 'latchkey/inspector'
  globalThis.shown = showInspector`

const rows: readonly Row[] = [
  {
    name: 'latchkey: createLocks, with everything',
    program: `import { createLocks } from 'latchkey'
      const locks = createLocks()
      globalThis.used = [locks.mutex('a'), locks.keyedMutex('b'), locks.rwLock('c')]`,
    budget: 46_000,
  },
  {
    name: 'latchkey: mutex, keyed mutex, RW lock',
    program: `import { keyedMutex, mutex, rwLock, webLocks } from 'latchkey'
      const origin = webLocks()
      globalThis.used = [mutex(origin, 'a'), keyedMutex(origin, 'b'), rwLock(origin, 'c')]`,
    budget: 6_000,
  },
  {
    name: 'latchkey/observe: record',
    program: `import { record } from 'latchkey/observe'
      globalThis.used = record`,
    budget: 14_000,
  },
  {
    name: 'latchkey/observe: every file format',
    program: `import { exportFormats, exportName } from 'latchkey/observe'
      globalThis.used = [exportFormats, exportName]`,
    budget: 6_500,
  },
  {
    name: 'latchkey/lock-manager',
    program: `import { createLockManager } from 'latchkey/lock-manager'
      globalThis.used = createLockManager`,
    budget: 27_000,
  },
  {
    name: 'latchkey/react: useLock, beside createLocks',
    program: `${app}
      import { useLock } from 'latchkey/react'
      globalThis.hooks = [useLock]`,
    beside: app,
    budget: 1_100,
  },
  {
    name: 'latchkey/react: every hook, beside createLocks',
    program: `${app}
      import { useLeader, useLock, useLockState, useSemaphore } from 'latchkey/react'
      globalThis.hooks = [useLeader, useLock, useLockState, useSemaphore]`,
    beside: app,
    budget: 2_100,
  },
  {
    name: 'latchkey/inspector, beside createLocks',
    program: inspected,
    beside: app,
    budget: 15_000,
  },
  {
    name: 'latchkey/inspector: contention, when looked at',
    program: `${inspected}
      import { record, top } from 'latchkey/observe'
      globalThis.seen = [record, top]`,
    beside: inspected,
    budget: 13_000,
  },
]

interface Weight {
  readonly min: number
  readonly gzip: number
}

const nothing: Weight = { min: 0, gzip: 0 }

const width = 46
const line = (name: string, ...cells: readonly (string | number)[]) =>
  console.log([name.padEnd(width), ...cells.map((cell) => String(cell).padStart(8))].join('  '))

line('bytes', 'min', 'min+gzip', 'budget')
for (const { name, program, beside, budget, goal } of rows) {
  const weight = less(await bundle(program), beside === undefined ? nothing : await bundle(beside))
  report(name, weight, budget)
  if (goal !== undefined && weight.gzip > goal)
    line(`  goal ${goal}: MISSED by`, '', weight.gzip - goal)
}

function less(all: Weight, part: Weight): Weight {
  return { min: all.min - part.min, gzip: all.gzip - part.gzip }
}

function report(name: string, { min, gzip }: Weight, budget: number): void {
  const over = gzip > budget
  line(name, min, gzip, budget, over ? 'OVER' : '')
  if (over) process.exitCode = 1
}

async function bundle(program: string): Promise<Weight> {
  const start = '\0program.js'
  const built = await build({
    root,
    configFile: false,
    logLevel: 'warn',
    publicDir: false,
    plugins: [
      {
        name: 'a-users-program',
        enforce: 'pre',
        resolveId: (id) => {
          if (id === start) return id
          const entry = entries.find(({ specifier }) => specifier === id)
          return entry && join(root, entry.output)
        },
        load: (id) => {
          return id === start ? program : undefined
        },
      },
    ],
    build: {
      write: false,
      target: 'es2022',
      // As Vite has it for pages: nobody imports from a page.
      rolldownOptions: {
        input: start,
        preserveEntrySignatures: false,
        // A peer: it is there already. And `'use client'` says nothing to a page.
        external: ['react'],
        checks: { moduleLevelDirective: false },
      },
    },
  })
  const outputs = [built].flat().flatMap((part) => ('output' in part ? part.output : []))
  const chunks = outputs.flatMap((part) => (part.type === 'chunk' ? [part] : []))
  const loaded = new Set(chunks.filter(({ isEntry }) => isEntry))
  // What is loaded on demand only is not counted: it has a row of its own.
  for (const { imports } of loaded) {
    for (const chunk of chunks) if (imports.includes(chunk.fileName)) loaded.add(chunk)
  }
  const code = [...loaded].map((chunk) => chunk.code).join('')
  if (code.length < 2) throw new Error(`nothing is left of: ${program}`)
  return { min: Buffer.byteLength(code), gzip: gzipSync(code, { level: 9 }).length }
}
