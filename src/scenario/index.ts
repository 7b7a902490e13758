/** Scenarios: their shape, text form, links, and the ones that come with the page. */

export { type CatalogueEntry, catalogue, sevenSeconds } from './catalogue'
export { parseDuration, printDuration } from './duration'
export { assertScenario, limits } from './limits'
export { decodeLink, encodeLink, type LinkContent, type LinkMoment, type LinkResult } from './link'
export type { PolicyId, Scenario, Section, SectionMode, Thread } from './scenario'
export { type ParseResult, parseScenario, printScenario, type TextError } from './text'
