/**
 * The catalogue as the page shows it: parsed, and found again by a program, however that came
 * here: chosen, linked or typed.
 */

import {
  diningCase,
  type Program,
  type ProgramCase,
  parseProgram,
  philosophers,
  printProgram,
  programCases,
} from '../../../scenario'

/** `other` is a second fix. */
export type Variant = 'broken' | 'fixed' | 'other'

export interface ShownCase {
  readonly entry: ProgramCase
  readonly variant: Variant
  /** How many philosophers, where there are any. */
  readonly seats: number | undefined
}

export interface VariantChoice {
  readonly id: Variant
  readonly text: string
}

export function programOf(text: string): Program {
  const parsed = parseProgram(text)
  if (parsed.kind === 'broken') {
    const [error] = parsed.errors
    throw new Error(`line ${error?.line}: ${error?.message}`)
  }
  return parsed.program
}

export function variantsOf({ fixLabel, otherFix }: ProgramCase): readonly VariantChoice[] {
  return [
    { id: 'broken', text: 'Broken' },
    { id: 'fixed', text: `Fixed: ${lowered(fixLabel)}` },
    ...(otherFix ? [{ id: 'other', text: `Fixed: ${lowered(otherFix.label)}` } as const] : []),
  ]
}

const lowered = (text: string) => text.charAt(0).toLowerCase() + text.slice(1)

function textOf({ broken, fixed, otherFix }: ProgramCase, variant: Variant): string | undefined {
  return variant === 'broken' ? broken : variant === 'fixed' ? fixed : otherFix?.text
}

/** The same program whenever it is asked for, so that what was found out about it is kept. */
export function programOfCase({ entry, variant }: Omit<ShownCase, 'seats'>): Program {
  const text = textOf(entry, variant) ?? entry.broken
  const program = parsed.get(text) ?? programOf(text)
  parsed.set(text, program)
  return program
}

const parsed = new Map<string, Program>()

export const firstProgram = programOfCase({
  entry: programCases[0] ?? diningCase(5),
  variant: 'broken',
})

/** The case that a program is, or none: one's own. */
export function caseOf(program: Program): ShownCase | undefined {
  return known().get(printProgram(program))
}

/** Filled when the page is first shown: some hundred statements are printed for it. */
let index: ReadonlyMap<string, ShownCase> | undefined

function known(): ReadonlyMap<string, ShownCase> {
  index ??= new Map(
    [...programCases.filter(({ id }) => id !== diningId), ...tables()].flatMap((entry) =>
      (['broken', 'fixed', 'other'] as const)
        .filter((variant) => textOf(entry, variant) !== undefined)
        .map((variant): [string, ShownCase] => [
          printProgram(programOfCase({ entry, variant })),
          { entry, variant, seats: seatsOf(entry) },
        ]),
    ),
  )
  return index
}

const diningId = diningCase(philosophers.usual).id

function tables(): readonly ProgramCase[] {
  const { least, most } = philosophers
  return Array.from({ length: most - least + 1 }, (_, more) => diningCase(least + more))
}

function seatsOf(entry: ProgramCase): number | undefined {
  return entry.id === diningId ? programOf(entry.broken).threads.length : undefined
}

/** “Sometimes” is best seen against “always”: each of the two has the other beside it. */
const against: Readonly<Record<string, string>> = {
  'recursive-read': 'nested-write',
  'nested-write': 'recursive-read',
}

/** The case that a broken one is compared with. */
export function besideOf(program: Program): { title: string; program: Program } | undefined {
  const shown = caseOf(program)
  if (shown?.variant !== 'broken') return undefined
  const entry = programCases.find(({ id }) => id === against[shown.entry.id])
  return entry && { title: entry.title, program: programOfCase({ entry, variant: 'broken' }) }
}

/** What the picture answers. */
export function questionOf(program: Program): string {
  const trouble = caseOf(program)?.entry.trouble
  if (trouble === 'lost-update') return 'Where did the second hit go?'
  if (trouble === 'misuse') return 'Why does the unlock fail, and not what threw?'
  return 'Why does nobody go on?'
}
