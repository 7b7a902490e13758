/** What the page and the exploring worker say to each other. */

import type { Program } from '../scenario'
import type { Exploration, ExploreOptions, Progress, Verdict } from './exploration/types'
import type { TimedOptions, TimedReport } from './timed'

/** Options that can be posted; the rest stays on the page's side. */
export type PlainExploreOptions = Pick<ExploreOptions, 'limit' | 'samples' | 'seed' | 'overtaking'>

export type ToExplorer =
  | { readonly type: 'find'; readonly program: Program; readonly options: PlainExploreOptions }
  | { readonly type: 'explore'; readonly program: Program; readonly options: PlainExploreOptions }
  | {
      readonly type: 'simulate'
      readonly program: Program
      readonly options: Pick<TimedOptions, 'runs' | 'seed'>
    }
  | { readonly type: 'pause' | 'resume' }

export type FromExplorer =
  | { readonly type: 'progress'; readonly progress: Progress }
  | { readonly type: 'simulated'; readonly done: number }
  | { readonly type: 'explored'; readonly exploration: Exploration }
  | { readonly type: 'found'; readonly verdict: Verdict }
  | { readonly type: 'timed'; readonly report: TimedReport }
  /** `range`: what was asked for makes no sense. */
  | { readonly type: 'failed'; readonly range: boolean; readonly message: string }
