/** Starts the page: what follows the store outside React, then React. */

import '@fontsource-variable/inter/wght.css'
import '@fontsource-variable/jetbrains-mono/wght.css'
import './tokens.css'
import './base.css'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { keepAddress } from './address'
import { App } from './app'
import { stepping } from './deadlocks/stepping'
import { listenToKeys } from './keyboard'
import { playback } from './seven-seconds/playback'
import { useStore } from './store'
import { applyTheme } from './theme'

const root = document.getElementById('root')
if (!root) throw new Error('index.html has no element with the id "root"')

applyTheme(useStore.getState().theme, document.documentElement)
keepAddress(useStore, window)
listenToKeys(window, useStore.getState)
stepping(useStore, {
  setTimeout: (then, ms) => window.setTimeout(then, ms),
  clearTimeout: (id) => window.clearTimeout(id),
})
const still = matchMedia('(prefers-reduced-motion: reduce)')
playback(useStore, {
  request: (frame) => requestAnimationFrame(frame),
  cancel: (id) => cancelAnimationFrame(id),
  reducedMotion: () => still.matches,
})

createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
)
