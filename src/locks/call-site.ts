/** Where in its user's code a lock was asked for, read from a stack trace. */

/** Taken where the user's call comes in, read only if somebody wants to know. */
export interface Site {
  readonly error: Error
  /** How many frames lie between the place where the error was made and the user's code. */
  readonly ownFrames: number
}

/** The user's frame, as the engine writes it; `undefined` where there is no stack. */
export function callSite({ error, ownFrames }: Site): string | undefined {
  const frames = error.stack?.split('\n').filter((line) => /@|^\s*at /.test(line))
  return frames?.[ownFrames]?.trim().replace(/^at /, '')
}
