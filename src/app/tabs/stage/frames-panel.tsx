import { useStore } from '../../store'
import { setFramesHost } from './frames-host'

/** The frames themselves. They are put into the page by whoever opens them, not by React. */
export function FramesPanel({ shown }: { readonly shown: boolean }) {
  const where = useStore(({ tabs }) => tabs.settings.where)
  const stage = useStore(({ tabs }) => tabs.stage.kind)
  const count = useStore(({ tabs }) => tabs.actors.length)
  const visible = shown && where === 'frames' && stage !== 'none' && count > 0
  return (
    <section className="frames panel" aria-label="Frames" data-unseen={!visible || undefined}>
      <div className="panel-head">
        <h2 className="panel-title">The frames themselves</h2>
      </div>
      <div className="frames-host" ref={setFramesHost} />
    </section>
  )
}
