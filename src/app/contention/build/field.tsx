import { type ReactNode, useId, useState } from 'react'

interface FieldProps {
  readonly label: string
  readonly unit?: string
  readonly problem?: string | undefined
  readonly children: (id: string, described: string | undefined) => ReactNode
}

/** A label, what it labels, and what is wrong with it. */
export function Field({ label, unit, problem, children }: FieldProps) {
  const id = useId()
  const described = problem ? `${id}-problem` : undefined
  return (
    <div className="field" data-wrong={problem ? true : undefined}>
      <label htmlFor={id}>
        {label}
        {unit && <span className="field-unit"> {unit}</span>}
      </label>
      {children(id, described)}
      {problem && (
        <p id={described} className="field-problem">
          {problem}
        </p>
      )}
    </div>
  )
}

interface NumberProps {
  readonly label: string
  readonly unit?: string
  readonly value: number
  readonly least: number
  readonly most: number
  readonly step?: number
  readonly problem?: string | undefined
  readonly onChange: (value: number) => void
}

/** A number as it is typed: what is no number yet stays in the field, and is told. */
export function NumberField(props: NumberProps) {
  const { label, unit, value, problem } = props
  return (
    <Field label={label} problem={problem} {...(unit ? { unit } : {})}>
      {(id, described) => <NumberInput {...props} id={id} value={value} described={described} />}
    </Field>
  )
}

interface InputProps extends Omit<NumberProps, 'label'> {
  readonly id?: string
  /** Instead of a label. */
  readonly name?: string
  readonly described?: string | undefined
}

export function NumberInput(props: InputProps) {
  const { id, name, value, least, most, step = 1, problem, described, onChange } = props
  // While it has the focus the field holds what was typed: “1.” must not become “1”.
  const [typed, setTyped] = useState<string>()
  return (
    <input
      id={id}
      aria-label={name}
      aria-invalid={problem ? true : undefined}
      aria-describedby={described}
      type="number"
      inputMode="decimal"
      min={least}
      max={most}
      step={step}
      value={typed ?? (Number.isNaN(value) ? '' : value)}
      onChange={({ target }) => {
        setTyped(target.value)
        onChange(target.value === '' ? Number.NaN : Number(target.value))
      }}
      onBlur={() => setTyped(undefined)}
    />
  )
}

interface SelectProps<Id extends string> {
  readonly label: string
  readonly value: Id
  readonly options: readonly { readonly id: Id; readonly text: string }[]
  readonly problem?: string | undefined
  readonly onChange: (id: Id) => void
}

export function SelectField<Id extends string>(props: SelectProps<Id>) {
  const { label, value, options, problem, onChange } = props
  return (
    <Field label={label} problem={problem}>
      {(id, described) => (
        <select
          id={id}
          value={value}
          aria-invalid={problem ? true : undefined}
          aria-describedby={described}
          onChange={({ target }) => {
            const chosen = options.find((option) => option.id === target.value)
            if (chosen) onChange(chosen.id)
          }}
        >
          {options.map((option) => (
            <option key={option.id} value={option.id}>
              {option.text}
            </option>
          ))}
        </select>
      )}
    </Field>
  )
}
