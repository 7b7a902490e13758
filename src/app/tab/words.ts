/** What a second tab says of itself and of the threads that it plays. Pure. */

import { type HostedThread, type Hosting, isOfLocks } from '../../perform'
import { listOf } from '../deadlocks/words'

export type Shown =
  | Hosting
  | { readonly kind: 'greeting' }
  /** A worker of this tab takes part in a workload. */
  | { readonly kind: 'working'; readonly title: string }
  /** Nobody opened this tab, or nobody answers it any more. */
  | { readonly kind: 'alone' }

export function titleOf(shown: Shown): string {
  return shown.kind === 'working' ? 'A tab of a workload' : 'The second tab of a run'
}

export function aboutOf(shown: Shown): string {
  switch (shown.kind) {
    case 'greeting':
      return 'It greets the page that opened it.'
    case 'greeted':
      return 'It waits for what it is to play.'
    case 'playing': {
      const names = listOf(shown.threads.map(({ name }) => name))
      const one = shown.threads.length === 1
      const what = shown.title === '' ? 'a program' : `“${shown.title}”`
      return `Here ${one ? 'a worker plays' : 'workers play'} ${names} of ${what}. The other threads are in the tab that opened this one, and wait for the same locks. This tab closes itself at the end.`
    }
    case 'working': {
      const what = shown.title === '' ? 'a workload' : `“${shown.title}”`
      return `A worker of this tab takes part in ${what}, beside those of the tab that opened it. Close this tab, and the run ends.`
    }
    case 'over':
      return 'The run is over, and this tab can be closed.'
    case 'alone':
      return 'No run needs this tab: it was reloaded, or its run is over. You can close it.'
  }
}

const modes = { mutex: '', read: ' to read', write: ' to write' } as const

export function doingOf({ last }: HostedThread): string {
  switch (last?.type) {
    case undefined:
    case 'pong':
    case 'late':
      return 'its worker starts'
    case 'ready':
      return 'is ready'
    case 'failed':
      return `failed: ${last.message}`
    case 'mark': {
      if (!isOfLocks(last.mark)) {
        const { kind, name, value } = last.mark
        return `${kind === 'loads' ? 'read' : 'stored'} ${name} = ${value}`
      }
      const { kind, locks, mode } = last.mark
      if (kind === 'asks') return `waits for ${listOf(locks)}${modes[mode]}`
      return kind === 'has' ? `has ${listOf(locks)}${modes[mode]}` : `gave ${listOf(locks)} back`
    }
    case 'end': {
      const { kind, error } = last.end
      if (kind === 'done') return 'came to its end'
      if (kind === 'threw') return 'threw, and came to its end'
      return kind === 'victim'
        ? `its wait was rejected with ${error?.name}`
        : `was refused with ${error?.name}`
    }
  }
}
