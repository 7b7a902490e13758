/** Participants of the Tabs page: real frames, tabs and workers that run the library and do as told. */

export { OrderError } from './actor-link'
export { claimStage } from './claim-stage'
export { type CopyOutcome, type CopyWay, copyWays, tryCopy } from './copy-trials'
export { type Counted, type Counter, countTogether } from './count-together'
export type { CountRound, Guard, Increment } from './deeds/count'
export type { Leaking, LeakWay, Probing } from './deeds/leak'
export { type ActorHost, hostActor } from './host-actor'
export type { Participant, ParticipantState } from './participant'
export { epochNow, type FromActor, type Order, type StageMechanism } from './protocol'
export { mostParticipants, Stage, type StageOptions } from './stage'
export { openWorkerActor, type WorkerActor } from './worker-actor'
