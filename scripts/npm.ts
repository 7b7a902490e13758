/** npm itself, as a child of ours. */
import { type Ended, runChild } from './child'

/** @param limit in ms */
export function npm(args: readonly string[], cwd: string, limit = 120_000): Promise<Ended> {
  // Run by npm, we are told where it is; a `npm` found in PATH needs a shell on Windows.
  const program = process.env.npm_execpath
  const [command, ...first] = program?.endsWith('.js') ? [process.execPath, program] : ['npm']
  return runChild(command ?? 'npm', [...first, ...args], { limit, quiet: true, cwd })
}
