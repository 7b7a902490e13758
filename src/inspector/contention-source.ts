/** What recording needs, loaded when somebody wants to see contention. */

export { record, top } from '../observe'
