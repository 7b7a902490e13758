import { Brand } from '../shell/brand'
import { aboutOf, doingOf, type Shown, titleOf } from './words'
import './tab-page.css'

interface Props {
  readonly shown: Shown
  /** Of the run. */
  readonly cancel: () => void
  /** Of this tab. */
  readonly close: () => void
}

/** What a tab that a run has opened is, and what its threads are at. */
export function TabPage({ shown, cancel, close }: Props) {
  const running = shown.kind === 'playing' || shown.kind === 'working' || shown.kind === 'greeted'
  return (
    <main className="second-tab">
      <Brand />
      <h1>{titleOf(shown)}</h1>
      <p>{aboutOf(shown)}</p>
      {shown.kind === 'playing' && (
        <ul className="panel second-tab-threads" aria-label="Threads in this tab">
          {shown.threads.map((thread) => (
            <li key={thread.name}>
              <strong>{thread.name}</strong>
              <span>{doingOf(thread)}</span>
            </li>
          ))}
        </ul>
      )}
      {running && (
        <button type="button" className="button" onClick={cancel}>
          Cancel the run
        </button>
      )}
      {(shown.kind === 'alone' || shown.kind === 'over') && (
        <button type="button" className="button" onClick={close}>
          Close this tab
        </button>
      )}
    </main>
  )
}
