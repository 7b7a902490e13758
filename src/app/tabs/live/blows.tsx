import { useStore } from '../../store'
import type { Blow, LiveSceneId } from './live'
import { frozenFor, lockOfScene } from './live'

const names: Readonly<Record<Blow, string>> = {
  freeze: `Freeze ${frozenFor / 1000} s`,
  crash: 'Crash',
  close: 'Close',
  reload: 'Reload',
  resign: 'Resign',
}

const blowsOf: Readonly<Record<LiveSceneId, readonly Blow[]>> = {
  faults: ['freeze', 'crash', 'reload', 'close'],
  leader: ['resign', 'freeze', 'crash', 'close'],
  semaphore: ['freeze', 'crash', 'close'],
  flight: ['freeze', 'crash', 'close'],
}

const andReload = (
  <>
    and <em>reload</em> do
  </>
)

/** What one can do to each participant. Whoever has the lock now is marked. */
export function Blows({ scene }: { readonly scene: LiveSceneId }) {
  const actors = useStore(({ tabs }) => tabs.actors)
  const disturb = useStore(({ tabs }) => tabs.disturb)
  const wanted = lockOfScene(scene)
  return (
    <>
      <ul className="hands blows" aria-label="Disturb">
        {actors.map(({ name, state, track }, at) => {
          const has = [...track.open].some(({ kind, lock }) => kind !== 'wait' && wanted(lock))
          return (
            <li key={name} className="hands-row" data-has={has || undefined}>
              <strong>{name}</strong>
              {blowsOf[scene].map((blow) => {
                const enabled = canBe(blow, state.kind, has)
                return (
                  <button
                    key={blow}
                    type="button"
                    className="button"
                    aria-disabled={!enabled}
                    aria-label={`${names[blow]}: ${name}`}
                    onClick={() => enabled && disturb(at, blow)}
                  >
                    {names[blow]}
                  </button>
                )
              })}
            </li>
          )
        })}
      </ul>
      <p className="blows-words">
        Each participant locks in a worker of its own. <em>Freeze</em> keeps that worker’s thread
        busy for {frozenFor / 1000} s; <em>crash</em> terminates it in the middle of whatever it
        does; <em>close</em> {blowsOf[scene].includes('reload') ? andReload : 'does'} that to the
        frame or tab around it.
      </p>
    </>
  )
}

function canBe(blow: Blow, state: string, has: boolean): boolean {
  if (blow === 'reload') return state === 'here' || state === 'crashed'
  if (blow === 'resign') return state === 'here' && has
  return state === 'here'
}
