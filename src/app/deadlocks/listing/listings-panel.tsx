import type { CSSProperties } from 'react'
import { printStatement } from '../../../scenario'
import { ActionButton } from '../../shell/action-button'
import { useStore } from '../../store'
import { choiceOf, deadlocksAction } from '../actions'
import { useFrame, useFrames } from '../use-frames'
import { stepWords } from '../words'
import { lineMarks, statusWords } from './line-marks'
import { SchedulerNote } from './scheduler-note'

/** What each thread runs, where it is, and what the last step did. */
export function ListingsPanel() {
  const frame = useFrame()
  const frames = useFrames()
  const program = useStore(({ deadlocks }) => deadlocks.program)
  const schedule = useStore(({ deadlocks }) => deadlocks.schedule)
  const position = useStore(({ deadlocks }) => deadlocks.position)
  const choosing = useStore(({ deadlocks }) => deadlocks.choosing)
  const before = frames[position - 1]
  const stepped = schedule[position - 1]
  return (
    <section className="listings panel" aria-label="Threads">
      <div className="panel-head">
        <h2 className="panel-title">What each thread runs</h2>
        <ActionButton action={deadlocksAction('choose')} />
      </div>
      {choosing && <SchedulerNote />}
      <div
        className="listings-columns"
        style={{ '--least': program.threads.length > 4 ? '132px' : '172px' } as CSSProperties}
      >
        {program.threads.map(({ name, statements }, thread) => {
          const now = frame.threads[thread]
          if (!now) return null
          const ran = thread === stepped ? before?.threads[thread]?.statement : undefined
          const inCycle = frame.cycle?.edges.some((edge) => edge.thread === thread)
          return (
            <div
              key={name}
              className="thread-listing"
              data-state={now.status.kind}
              data-cycle={inCycle || undefined}
            >
              <div className="thread-head">
                <h3 className="thread-name">
                  <span>{thread + 1}</span> {name}
                </h3>
                {choosing && <ActionButton action={choiceOf(thread)} />}
              </div>
              <p className="thread-status">{statusWords(frame, thread)}</p>
              <ol className="thread-lines">
                {lineMarks(now, statements).map((when, index) => {
                  const statement = statements[index]
                  if (!statement) return null
                  const current = when === 'next' || when === 'waiting'
                  return (
                    <li
                      // biome-ignore lint/suspicious/noArrayIndexKey: a listing never changes
                      key={index}
                      className="thread-line"
                      data-when={when}
                      data-ran={index === ran || undefined}
                      aria-current={current ? 'step' : undefined}
                    >
                      {printStatement(statement)}
                      {when === 'waiting' && <span className="thread-mark">waits</span>}
                      {when === 'next' && <span className="thread-mark">next</span>}
                    </li>
                  )
                })}
              </ol>
            </div>
          )
        })}
      </div>
      {frame.variables.length > 0 && (
        <p className="variables" data-testid="variables">
          {frame.variables.map(({ name, value }) => (
            <span key={name}>
              {name} = {value}
            </span>
          ))}
          {frame.threads.flatMap(({ name, locals }) =>
            locals
              .filter(({ value }) => value !== undefined)
              .map((local) => (
                <span key={`${name}.${local.name}`}>
                  {name}: {local.name} = {local.value}
                </span>
              )),
          )}
        </p>
      )}
      <p className="listings-why" data-testid="why">
        {before && stepped !== undefined ? (
          <>
            <strong>Step {position}.</strong> {stepWords(program, before, frame, stepped)}
          </>
        ) : (
          <>
            <strong>At the start</strong> nobody has taken a step yet.
          </>
        )}
      </p>
    </section>
  )
}
