import { useEffect, useState } from 'react'
import type { LocksView, PartyView } from '../../locks'
import type { Increment, Order } from '../../perform/tabs'
import { Brand } from '../shell/brand'
import { sinceText } from '../tabs/words'
import type { Own, ParticipantShown } from './participant'
import './participant-page.css'

type Ordered =
  | Pick<Extract<Order, { kind: 'hold' }>, 'kind' | 'input'>
  | { kind: 'release'; input: undefined }

interface Props {
  readonly shown: ParticipantShown
  /** In a frame of the page, not in a tab. */
  readonly framed: boolean
  readonly order: (order: Ordered) => void
}

/** One participant: what it is at, and what can be done by its own hand. */
export function ParticipantPage({ shown, framed, order }: Props) {
  return (
    <main
      className="participant"
      data-framed={framed || undefined}
      aria-label={'name' in shown ? shown.name : 'Participant'}
    >
      {!framed && <Brand />}
      <Inside shown={shown} framed={framed} order={order} />
    </main>
  )
}

function Inside({ shown, framed, order }: Props) {
  if (shown.kind === 'greeting') return <p>It greets the page that opened it.</p>
  if (shown.kind === 'alone') {
    return <p>No page needs this participant: it was reloaded by hand, or its page has gone.</p>
  }
  const { kind, name, own, all, hit, trouble } = shown
  const door = own.find(({ lock }) => lock.endsWith(' door'))
  return (
    <>
      <h1>{name}</h1>
      <p className="participant-state" role="status">
        {kind === 'starting' && 'Its worker starts…'}
        {kind === 'crashed' && 'Its worker was terminated.'}
        {kind === 'here' && (hit ? hitWords(hit) : <Doing own={door} />)}
      </p>
      {kind === 'here' && (
        <div className="participant-acts">
          {(['read', 'write'] as const).map((mode) => (
            <button
              key={mode}
              type="button"
              className="button"
              aria-disabled={door !== undefined}
              onClick={() => door ?? order({ kind: 'hold', input: { mode } })}
            >
              {mode === 'read' ? 'Read' : 'Write'}
            </button>
          ))}
          <button
            type="button"
            className="button"
            aria-disabled={door === undefined}
            onClick={() => door && order({ kind: 'release', input: undefined })}
          >
            {door?.held === false ? 'Give up' : 'Release'}
          </button>
        </div>
      )}
      {kind === 'here' && <Everybody all={all} />}
      {trouble && <p className="participant-trouble">{trouble}</p>}
      {!framed && <p className="participant-about">{about}</p>}
    </>
  )
}

/** What this participant sees of all of them. */
function Everybody({ all }: { readonly all: LocksView | undefined }) {
  const names = new Map(all?.agents.map(({ agent, title }) => [agent, title]))
  const parties = (all?.locks ?? []).flatMap(({ name, holders, waiters }) => [
    ...holders.map((party) => ({ name, party, held: true })),
    ...waiters.map((party) => ({ name, party, held: false })),
  ])
  return (
    <ul className="participant-all" aria-label="Seen from here">
      {parties.length === 0 && <li>It sees nobody hold or wait.</li>}
      {parties.map(({ name, party, held }) => (
        <li key={`${name} ${party.agent} ${party.task} ${party.since}`}>
          {partyWords(names.get(party.agent) || party.task || party.agent, party, held)}
        </li>
      ))}
    </ul>
  )
}

function partyWords(name: string, { mode, fence, permits, own, silent }: PartyView, held: boolean) {
  const does = held ? (mode === 'shared' ? 'reads' : 'writes') : 'waits'
  const what = permits === undefined ? does : `${held ? 'has' : 'wants'} ${permits}`
  return [
    `${own ? 'this one' : name} ${what}`,
    ...(fence === undefined ? [] : [`fence ${fence}`]),
    ...(silent ? ['does not answer'] : []),
  ].join(', ')
}

const hitWords = ({ seen, wrote }: Increment) => `counts: saw ${seen}, wrote ${wrote}`

const about =
  'This tab runs the library in a worker of its own, and shares its locks with the other participants and the page that opened it. Close it, and it loses what it holds.'

function Doing({ own }: { readonly own: Own | undefined }) {
  const now = useClock(own !== undefined)
  if (own === undefined) return 'idle'
  const what = own.held ? (own.mode === 'shared' ? 'reads' : 'writes') : 'waits'
  return (
    <span className="participant-chip" data-kind={what}>
      {what} · {sinceText(now - own.since)}
    </span>
  )
}

/** Epoch ms, a few times a second while somebody looks. */
function useClock(running: boolean): number {
  const [now, setNow] = useState(() => performance.timeOrigin + performance.now())
  useEffect(() => {
    if (!running) return
    const tick = () => setNow(performance.timeOrigin + performance.now())
    tick()
    const timer = setInterval(tick, 200)
    return () => clearInterval(timer)
  }, [running])
  return now
}
