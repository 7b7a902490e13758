/**
 * How many tests passed, failed and were skipped. A suite that crashes is a failure and never
 * nothing: a missing report, a file that could not be loaded and an exit code that the report does
 * not explain each count as one.
 */

export interface Tally {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
}

export const nothing: Tally = { passed: 0, failed: 0, skipped: 0 }
export const onePassed: Tally = { ...nothing, passed: 1 }
export const oneFailed: Tally = { ...nothing, failed: 1 }

export function sum(tallies: readonly Tally[]): Tally {
  return tallies.reduce(
    (total, { passed, failed, skipped }) => ({
      passed: total.passed + passed,
      failed: total.failed + failed,
      skipped: total.skipped + skipped,
    }),
    nothing,
  )
}

/** A suite without tests of its own passes or fails as a whole. */
export function ofCommand(succeeded: boolean): Tally {
  return succeeded ? onePassed : oneFailed
}

/** A suite with a report; `read` answers `undefined` where there is none or nobody can read it. */
export function ofReport(succeeded: boolean, report: Tally | undefined): Tally {
  if (!report) return oneFailed
  // Also a run of no tests at all is not a success.
  const unexplained = report.failed === 0 && (!succeeded || report.passed + report.skipped === 0)
  return unexplained ? sum([report, oneFailed]) : report
}

export function readVitest(json: string): Tally | undefined {
  const report = parsed<{
    numPassedTests: number
    numFailedTests: number
    numPendingTests: number
    numTodoTests: number
    testResults: readonly { status: string; assertionResults: readonly { status: string }[] }[]
  }>(json)
  if (report === undefined) return undefined
  // A file that does not load has failed without a single test of it having failed.
  const broken = report.testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && assertionResults.every((test) => test.status !== 'failed'),
  )
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + broken.length,
    skipped: report.numPendingTests + report.numTodoTests,
  }
}

export function readPlaywright(json: string): Tally | undefined {
  const report = parsed<{
    stats: { expected: number; unexpected: number; flaky: number; skipped: number }
    errors: readonly unknown[]
  }>(json)
  if (report === undefined) return undefined
  const { expected, unexpected, flaky, skipped } = report.stats
  return { passed: expected, failed: unexpected + flaky + report.errors.length, skipped }
}

/** The report of scripts/engines.ts, which has counted already. */
export function readEngines(json: string): Tally | undefined {
  return parsed<{ tally: Tally }>(json)?.tally
}

function parsed<T>(json: string): T | undefined {
  try {
    return JSON.parse(json) as T
  } catch {
    return undefined
  }
}

export function lastLine({ passed, failed, skipped }: Tally): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`
}
