import { meanOf, type Spread, workloadLimits } from '../../../scenario'
import { spreadNames, spreadOf } from '../names'
import { Field, NumberInput } from './field'

interface SpreadFieldProps {
  readonly label: string
  readonly value: Spread
  readonly problem?: string | undefined
  readonly onChange: (spread: Spread) => void
}

const kinds = ['fixed', 'exponential', 'bimodal', 'uniform'] as const

/** How long something lasts: its shape, and the numbers that shape has. */
export function SpreadField({ label, value, problem, onChange }: SpreadFieldProps) {
  const number = (name: string, ms: number, change: (ms: number) => Spread, step = 1) => (
    <NumberInput
      name={`${label}: ${name}`}
      value={ms}
      least={0}
      most={workloadLimits.length}
      step={step}
      problem={problem}
      onChange={(to) => onChange(change(to))}
    />
  )
  return (
    <Field label={label} unit="ms" problem={problem}>
      {(id, described) => (
        <div className="spread" data-kind={value.kind}>
          <select
            id={id}
            value={value.kind}
            aria-describedby={described}
            onChange={({ target }) => {
              const kind = kinds.find((each) => each === target.value)
              if (kind) onChange(spreadOf(kind, meanOf(value)))
            }}
          >
            {kinds.map((kind) => (
              <option key={kind} value={kind}>
                {spreadNames[kind]}
              </option>
            ))}
          </select>
          {value.kind === 'fixed' && number('ms', value.ms, (ms) => ({ ...value, ms }), 0.5)}
          {value.kind === 'uniform' &&
            number('below, in ms', value.below, (below) => ({ ...value, below }))}
          {value.kind === 'exponential' &&
            number('mean, in ms', value.mean, (mean) => ({ ...value, mean }), 0.5)}
          {value.kind === 'bimodal' && (
            <>
              {number('short, in ms', value.short, (short) => ({ ...value, short }))}
              {number('long, in ms', value.long, (long) => ({ ...value, long }))}
              <NumberInput
                name={`${label}: how many are long, in %`}
                value={percent(value.longShare)}
                least={0}
                most={100}
                step={1}
                problem={problem}
                onChange={(share) => onChange({ ...value, longShare: share / 100 })}
              />
              <span className="field-unit">%</span>
            </>
          )}
        </div>
      )}
    </Field>
  )
}

export const percent = (share: number) => Math.round(share * 10_000) / 100
