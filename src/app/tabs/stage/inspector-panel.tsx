import { useEffect, useRef, useState } from 'react'
import { createLocks } from '../../../locks'
import type { StageMechanism } from '../../../perform/tabs'
import { useStore } from '../../store'

/** The panel that any app can show during development, over the locks of these participants. */
export function InspectorPanel() {
  const over = useStore(({ tabs }) => tabs.settings.over)
  const open = useStore(({ tabs }) => tabs.stage.kind === 'open')
  return open ? <Opened key={over} over={over} /> : null
}

function Opened({ over }: { readonly over: StageMechanism }) {
  const place = useRef<HTMLDivElement>(null)
  const [wanted, setWanted] = useState(true)
  const [problem, setProblem] = useState<string>()
  useEffect(() => {
    const container = place.current
    if (!wanted || container === null) return
    let close = () => {}
    let left = false
    // It has a button of its own to close it.
    const watch = new MutationObserver(() => setWanted(container.childElementCount > 0))
    import('../../../inspector')
      .then(({ showInspector }) => {
        if (left) return
        const inspector = showInspector({ locks: createLocks({ mechanism: over }), container })
        close = () => inspector.close()
        watch.observe(container, { childList: true })
      })
      .catch((error: unknown) => setProblem(String(error)))
    return () => {
      left = true
      watch.disconnect()
      close()
    }
  }, [wanted, over])
  return (
    <section className="panel" aria-label="In the inspector">
      <div className="panel-head">
        <h2 className="panel-title">The same in the inspector, as any app can have it</h2>
        {!wanted && (
          <button type="button" className="button" onClick={() => setWanted(true)}>
            Open it again
          </button>
        )}
      </div>
      {problem && <p className="counter-words">It could not be opened: {problem}</p>}
      <div ref={place} className="inspector-place" hidden={!wanted} />
    </section>
  )
}
