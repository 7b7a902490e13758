import type { ReactNode } from 'react'
import type { Chip, RegisterView } from '../../../simulate'
import { useRun, useStep } from '../use-run'
import './registers.css'

/** The lock's insides after the step: its counters, and who stands where. */
export function RegistersPanel({ status }: { readonly status?: ReactNode }) {
  const run = useRun()
  const registers = useStep()?.registers ?? run.registers
  return (
    <section className="registers panel" aria-label="Inside the lock">
      <div className="panel-head">
        <h2 className="panel-title">Inside the lock</h2>
        {status}
      </div>
      <dl className="registers-grid" data-testid="registers">
        {registers.map((register) => (
          <div key={register.name} className="register" data-kind={register.kind}>
            <dt>{register.name}</dt>
            <dd>
              {register.kind === 'number' ? (
                <Value register={register} />
              ) : (
                <Chips chips={register.chips} />
              )}
              {register.note && <p className="register-note">{register.note}</p>}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  )
}

function Value({ register }: { readonly register: Extract<RegisterView, { kind: 'number' }> }) {
  return (
    <p className="register-value">
      {register.parts.map(({ text, raised }) => (raised ? <sup key={text}>{text}</sup> : text))}
    </p>
  )
}

function Chips({ chips }: { readonly chips: readonly Chip[] }) {
  if (chips.length === 0) return <p className="register-nobody">nobody</p>
  return (
    <ul className="chips">
      {chips.map((chip) => (
        <li key={chip.thread} className={`chip chip-${chip.kind}`}>
          {chip.text}
        </li>
      ))}
    </ul>
  )
}
