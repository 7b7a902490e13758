/** Starts the page in a second tab: it greets the page that opened it, and plays what that one asks for. */

import '@fontsource-variable/inter/wght.css'
import '@fontsource-variable/jetbrains-mono/wght.css'
import '../tokens.css'
import '../base.css'
import { createRoot } from 'react-dom/client'
import { greetOpener, hostThreads, TabError } from '../../perform'
import { hostWorkloads } from '../../perform/workload'
import { applyTheme, rememberedTheme } from '../theme'
import { TabPage } from './tab-page'
import type { Shown } from './words'

const element = document.getElementById('root')
if (!element) throw new Error('tab.html has no element with the id "root"')

const root = createRoot(element)
let cancel = () => {}

function show(shown: Shown): void {
  root.render(<TabPage shown={shown} cancel={() => cancel()} close={() => window.close()} />)
  if (shown.kind === 'over') window.close()
}

applyTheme(rememberedTheme(), document.documentElement)
show({ kind: 'greeting' })
greetOpener()
  .then((tab) => {
    const host = hostThreads(tab, show)
    cancel = () => host.cancel()
    hostWorkloads(tab, (run) => show(run ? { kind: 'working', ...run } : { kind: 'greeted' }))
  })
  .catch((error: unknown) => {
    if (!(error instanceof TabError)) throw error
    show({ kind: 'alone' })
  })
