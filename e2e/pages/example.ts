/**
 * An example from the docs as its reader would have it: the library under its own name, and the few
 * things that an example takes for granted.
 */

import * as inspector from '../../src/inspector'
import * as latchkey from '../../src/locks'
import * as deadlock from '../../src/locks/deadlock'
import * as lockManager from '../../src/locks/lock-manager'
import * as observe from '../../src/observe'

const modules: Record<string, object> = {
  latchkey,
  'latchkey/lock-manager': lockManager,
  'latchkey/deadlock': deadlock,
  'latchkey/observe': observe,
  'latchkey/inspector': inspector,
}

function takenForGranted(locks: latchkey.Locks) {
  return {
    ...latchkey,
    ...lockManager,
    ...deadlock,
    ...observe,
    ...inspector,
    locks,
    cart: locks.mutex('cart'),
    users: locks.keyedMutex('user'),
    settings: locks.rwLock('settings'),
    userId: 'ann',
    tenantId: 7,
    orderId: 'a:b',
    load: async () => 'loaded',
    save: async (_options?: unknown) => {},
    transfer: async (_from: number, _to: number) => {},
    worker: { postMessage: (message: unknown) => structuredClone(message) },
    memory: latchkey.createLockMemory(),
  }
}

/** `import { a } from 'latchkey'` becomes a declaration: functions have no imports. */
function withoutImports(code: string, known: Record<string, object>): string {
  return code.replace(/^import (\{[^}]*\}) from ['"]([^'"]+)['"].*$/gm, (line, names, from) => {
    if (!(from in known)) throw new Error(`no such module for an example: ${line}`)
    return `const ${names} = modules[${JSON.stringify(from)}]`
  })
}

/** @param more what some examples know besides */
export async function evaluate(
  code: string,
  locks: latchkey.Locks,
  more: { readonly modules: Record<string, object>; readonly granted: object },
): Promise<unknown> {
  const known = { ...modules, ...more.modules }
  const granted = { ...takenForGranted(locks), ...more.granted }
  const names = `{ ${Object.keys(granted).join(', ')} }`
  const source = `return (async (modules, ${names}) => { {\n${withoutImports(code, known)}\n} })`
  return new Function(source)()(known, granted)
}

export async function playExample(code: string, locks: latchkey.Locks): Promise<void> {
  await evaluate(code, locks, { modules: {}, granted: {} })
}
