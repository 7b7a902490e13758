/**
 * What is read aloud, and when: the newest sentence at once when the last one is long past,
 * else once it is; sentences that were overtaken meanwhile are never read. While it plays the
 * pause between sentences is longer, so that speech can keep up.
 */

export interface Clock {
  readonly now: () => number
  readonly setTimeout: (then: () => void, ms: number) => number
  readonly clearTimeout: (id: number) => void
}

export interface Narrator {
  readonly say: (text: string, pause: number) => void
  readonly stop: () => void
}

export const pauses = { stepping: 400, playing: 3500 } as const

export function narrator(speak: (text: string) => void, clock: Clock): Narrator {
  let spoken = Number.NEGATIVE_INFINITY
  let timer: number | undefined
  const stop = () => {
    if (timer !== undefined) clock.clearTimeout(timer)
    timer = undefined
  }
  return {
    stop,
    say: (text, pause) => {
      stop()
      const wait = spoken + pause - clock.now()
      const speakNow = () => {
        timer = undefined
        spoken = clock.now()
        speak(text)
      }
      if (wait <= 0) speakNow()
      else timer = clock.setTimeout(speakNow, wait)
    },
  }
}
