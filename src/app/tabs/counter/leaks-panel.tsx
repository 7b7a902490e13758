import type { LeakWay } from '../../../perform/tabs'
import { useStore } from '../../store'
import type { LeakResult } from './counter'

const ways: readonly { readonly id: LeakWay; readonly name: string; readonly code: string }[] = [
  {
    id: 'run',
    name: 'run',
    code: 'await lock.run(() => {\n  throw new Error(…)\n})',
  },
  {
    id: 'using',
    name: 'await using',
    code: 'await using hold = await lock.acquire()\nthrow new Error(…)',
  },
  {
    id: 'bare',
    name: 'acquire, release',
    code: 'const hold = await lock.acquire()\nthrow new Error(…)\nhold.release()',
  },
]

/** Each way to hold a lock, thrown out of; and what another participant then finds. */
export function LeaksPanel() {
  const leaks = useStore(({ tabs }) => tabs.counter.leaks)
  const leak = useStore(({ tabs }) => tabs.leak)
  return (
    <section className="panel" aria-label="Throw inside">
      <div className="panel-head">
        <h2 className="panel-title">Throw inside: which of them leaks?</h2>
      </div>
      <div className="leaks">
        {ways.map(({ id, name, code }) => {
          const result = leaks[id]
          return (
            <div key={id} className="leak" data-way={id}>
              <pre className="tabs-code">
                <code>{code}</code>
              </pre>
              <button
                type="button"
                className="button"
                aria-disabled={result === 'trying'}
                onClick={() => leak(id)}
              >
                Throw inside {name}
              </button>
              <div role="status" className="leak-words">
                {result === 'trying' ? <p>Trying…</p> : result && <Result result={result} />}
              </div>
            </div>
          )
        })}
      </div>
    </section>
  )
}

function Result({
  result: { by, asked, threw, before, after, then },
}: {
  readonly result: LeakResult
}) {
  return (
    <>
      <p className="verdict-line" data-good={then.free || undefined}>
        {then.free
          ? `Given back: ${asked} got it at once.`
          : `Leaked: nobody can have it until ${by} is gone.`}
      </p>
      <p>
        {by}: <code>{threw}</code>. <code>locks.stats().holds</code> was {before} before, and is{' '}
        {after} after.
      </p>
      {!then.free && (
        <p>
          {asked}: <code>{then.why}</code>
        </p>
      )}
    </>
  )
}
