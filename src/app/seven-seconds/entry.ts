/** Which of the page's own scenarios one is, however it came here: chosen, linked or typed. */

import { type CatalogueEntry, catalogue, printScenario, type Scenario } from '../../scenario'

const known = new Map(catalogue.map((entry) => [printScenario(entry.scenario), entry]))

export function entryOf(scenario: Scenario): CatalogueEntry | undefined {
  return known.get(printScenario(scenario))
}
