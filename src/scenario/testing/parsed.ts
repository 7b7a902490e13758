import type { Program } from '../program'
import { parseProgram } from '../program-text'

/** The program that a test has written down; throws what is wrong with it. */
export function parsed(text: string): Program {
  const result = parseProgram(text)
  if (result.kind === 'ok') return result.program
  const [error] = result.errors
  throw new Error(`line ${error?.line}: ${error?.message}`)
}
