import { type Program, parseProgram } from '../../../scenario'

const parsed = parseProgram(`title AB-BA
thread A
  lock a
  sleep 1..10
  lock b
  unlock b
  unlock a
thread B
  lock b
  sleep 1..10
  lock a
  unlock a
  unlock b
`)
if (parsed.kind === 'broken') throw new Error('broken')
export const firstProgram: Program = parsed.program
interface Case {
  readonly entry: { readonly title: string; readonly cause: string }
}
export function caseOf(_p: Program): Case | undefined {
  return {
    entry: {
      title: 'AB–BA',
      cause:
        'Two threads take the same two locks in opposite order. When each has its first, each waits for the other’s.',
    },
  }
}
export function questionOf(_p: Program): string {
  return 'Why does nobody go on?'
}
