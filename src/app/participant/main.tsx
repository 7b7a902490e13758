/** Starts a participant of the page “Tabs”, in a frame of that page or in a tab that it opened. */

import '@fontsource-variable/inter/wght.css'
import '@fontsource-variable/jetbrains-mono/wght.css'
import '../tokens.css'
import '../base.css'
import { createRoot } from 'react-dom/client'
import { greetOpener, TabError } from '../../perform'
import { type ActorHost, hostActor } from '../../perform/tabs'
import { applyTheme, rememberedTheme } from '../theme'
import { alone, crashed, greeting, hired, type ParticipantShown, told } from './participant'
import { ParticipantPage } from './participant-page'

const element = document.getElementById('root')
if (!element) throw new Error('participant.html has no element with the id "root"')

const root = createRoot(element)
const framed = window.parent !== window
let shown: ParticipantShown = greeting
let host: ActorHost | undefined

function show(next: ParticipantShown): void {
  shown = next
  if (next.kind !== 'greeting' && next.kind !== 'alone') document.title = `${next.name} · Latchkey`
  root.render(
    <ParticipantPage
      shown={next}
      framed={framed}
      // Its answers are told as everything is: nobody here waits for them.
      order={(order) => host?.order({ type: 'order', id: 0, ...order })}
    />,
  )
}

applyTheme(rememberedTheme(), document.documentElement)
// The visitor may change the theme while this is shown.
window.addEventListener('storage', () => applyTheme(rememberedTheme(), document.documentElement))
show(greeting)
greetOpener({ opener: framed ? window.parent : window.opener })
  .then((tab) => {
    host = hostActor(tab, {
      hired: (who) => show(hired(who.name)),
      told: (message) => show(told(shown, message)),
      crashed: () => show(crashed(shown)),
    })
    // Nobody needs a tab whose page has gone.
    tab.gone.addEventListener('abort', () => window.close())
  })
  .catch((error: unknown) => {
    if (!(error instanceof TabError)) throw error
    show(alone)
  })
