import { SelectField } from '../../contention/build/field'
import { useStore } from '../../store'
import { Disturbances } from './disturbances'
import { lockOfScene } from './live'
import { LiveScene } from './live-scene'
import { mostAtOnce } from './live-words'
import { LogsPanel } from './logs-panel'

/** Holders that die or freeze: who comes next, when, and what their late writes do. */
export function FaultsScene() {
  return (
    <>
      <LiveScene scene="faults">
        <Disturbances />
      </LiveScene>
      <LogsPanel />
    </>
  )
}

/** One leader among all, and the next one. */
export function LeaderScene() {
  return (
    <LiveScene scene="leader">
      <Disturbances />
    </LiveScene>
  )
}

const numbers = ['1', '2', '3', '4'] as const

/** So many permits for all participants together. */
export function SemaphoreScene() {
  const permits = useStore(({ tabs }) => tabs.live.permits)
  const setPermits = useStore(({ tabs }) => tabs.setPermits)
  return (
    <LiveScene
      scene="semaphore"
      choices={
        <div className="permits">
          <SelectField<(typeof numbers)[number]>
            label="Permits"
            value={String(permits) as (typeof numbers)[number]}
            options={numbers.map((id) => ({ id, text: id }))}
            onChange={(chosen) => setPermits(Number(chosen))}
          />
        </div>
      }
    >
      <AtOnce permits={permits} />
    </LiveScene>
  )
}

const hasPermit = lockOfScene('semaphore')

function AtOnce({ permits }: { readonly permits: number }) {
  const actors = useStore(({ tabs }) => tabs.actors)
  useStore(({ tabs }) => tabs.tick)
  const holds = actors.flatMap(({ track }) =>
    track.spans.filter(({ kind, lock }) => kind !== 'wait' && hasPermit(lock)),
  )
  const mine = holds.filter(({ lock }) => lock.endsWith(` ${permits}`))
  if (mine.length === 0) return null
  return (
    <p className="at-once" data-testid="at-once">
      {mine.length} jobs so far, never more than{' '}
      <strong>{mostAtOnce(mine, Number.POSITIVE_INFINITY)}</strong> at once: there are {permits}{' '}
      {permits === 1 ? 'permit' : 'permits'}.
    </p>
  )
}

/** One makes it, all get it. */
export function FlightScene() {
  return (
    <LiveScene scene="flight">
      <Landed />
      <Disturbances />
    </LiveScene>
  )
}

function Landed() {
  const landed = useStore(({ tabs }) => tabs.live.landed)
  const actors = useStore(({ tabs }) => tabs.actors)
  if (landed.length === 0) return null
  return (
    <ul className="landed" aria-label="What everybody got">
      {landed.map(({ participant, by, made }) => {
        const name = actors[participant]?.name ?? '?'
        return (
          <li key={participant}>
            <strong>{name}</strong>
            <span>
              {by === name ? 'made it itself' : `got what ${by} made`}: <code>{made}</code>
            </span>
          </li>
        )
      })}
    </ul>
  )
}
