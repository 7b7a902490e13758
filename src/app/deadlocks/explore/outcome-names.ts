import type { OutcomeKind } from '../../../simulate'

export const outcomeNames: Readonly<Record<OutcomeKind, string>> = {
  done: 'Everybody comes to an end',
  deadlock: 'Deadlock',
  stuck: 'Somebody waits for ever',
  misuse: 'Misuse',
  'lost-update': 'Lost update',
}

/** As the object of a sentence. */
export const outcomeNouns: Readonly<Record<OutcomeKind, string>> = {
  done: 'the good end',
  deadlock: 'the deadlock',
  stuck: 'the endless wait',
  misuse: 'the misuse',
  'lost-update': 'the lost update',
}
