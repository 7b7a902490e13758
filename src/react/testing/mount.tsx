/** Components on a real page, as far as `happy-dom` is one. */

import { act, type ReactNode, StrictMode } from 'react'
import { createRoot } from 'react-dom/client'

export interface Mounted {
  readonly frame: HTMLElement
  readonly text: () => string
  render(node: ReactNode): Promise<void>
  unmount(): Promise<void>
}

/** @param strict whether React mounts everything twice, as it does during development */
export async function mount(node: ReactNode, strict = false): Promise<Mounted> {
  const frame = document.createElement('div')
  const root = createRoot(frame)
  const render = (next: ReactNode) =>
    act(async () => root.render(strict ? <StrictMode>{next}</StrictMode> : next))
  await render(node)
  return {
    frame,
    text: () => frame.textContent,
    render,
    unmount: () => act(async () => root.unmount()),
  }
}

/** Lets promises and effects come to rest. */
export function settle(doing: () => unknown = () => {}): Promise<void> {
  return act(async () => {
    await doing()
  })
}
