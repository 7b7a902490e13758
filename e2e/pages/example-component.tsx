/** Runs the components of an example: on the page, under Strict Mode, until they come to rest. */

import * as react from 'react'
import { createRoot } from 'react-dom/client'
import type { Locks } from '../../src/locks'
import * as latchkeyReact from '../../src/react'
import { evaluate } from './example'

const { StrictMode, createElement } = react
const modules = { react, 'latchkey/react': latchkeyReact }

/** @param code with its components exported, and already without types and JSX */
export async function playComponents(code: string, locks: Locks): Promise<void> {
  const names = [...code.matchAll(/^export function ([A-Z]\w*)/gm)].map((match) => match[1])
  if (names.length === 0) throw new Error('the example exports no component')
  const source = `${code.replace(/^export /gm, '')}\nreturn { ${names.join(', ')} }`
  const { default: React, ...hooks } = react as typeof react & { readonly default: object }
  const granted = { ...hooks, ...latchkeyReact, React }
  const components = await evaluate(source, locks, { modules, granted })
  for (const [name, component] of Object.entries(components as Record<string, react.FC>)) {
    await show(name, component)
  }
}

async function show(name: string, component: react.FC): Promise<void> {
  const frame = document.createElement('div')
  document.body.append(frame)
  const errors: unknown[] = []
  const fail = (error: unknown) => errors.push(error)
  const root = createRoot(frame, { onUncaughtError: fail, onCaughtError: fail })
  root.render(createElement(StrictMode, null, createElement(component)))
  await rest(frame)
  const shown = frame.innerHTML
  root.unmount()
  await rest(frame)
  frame.remove()
  if (errors.length > 0) throw errors[0]
  if (shown === '') throw new Error(`${name} shows nothing`)
}

/** Until it has not changed for some frames. */
async function rest(frame: HTMLElement): Promise<void> {
  let calm = 0
  for (let before = ''; calm < 5; calm++) {
    await new Promise(requestAnimationFrame)
    if (frame.innerHTML === before) continue
    before = frame.innerHTML
    calm = 0
  }
}
