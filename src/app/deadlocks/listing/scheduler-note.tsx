/** placeholder until distances land */
export function SchedulerNote() {
  return null
}
