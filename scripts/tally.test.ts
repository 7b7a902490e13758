import { expect, it } from 'vitest'
import {
  lastLine,
  nothing,
  ofCommand,
  ofReport,
  oneFailed,
  readEngines,
  readPlaywright,
  readVitest,
  sum,
} from './tally'

const two = { passed: 2, failed: 0, skipped: 0 }

it('a suite without a report has crashed', () => {
  expect(ofReport(true, undefined)).toEqual(oneFailed)
  expect(ofReport(false, undefined)).toEqual(oneFailed)
})

it('a failure that the report does not know counts', () => {
  expect(ofReport(false, two)).toEqual({ passed: 2, failed: 1, skipped: 0 })
  expect(ofReport(false, { ...two, failed: 3 })).toEqual({ passed: 2, failed: 3, skipped: 0 })
  expect(ofReport(true, two)).toEqual(two)
})

it('a run of no tests has failed', () => {
  expect(ofReport(true, nothing)).toEqual(oneFailed)
})

it('reads the report of Vitest, files that did not load included', () => {
  const report = {
    numPassedTests: 5,
    numFailedTests: 1,
    numPendingTests: 2,
    numTodoTests: 1,
    testResults: [
      { status: 'failed', assertionResults: [{ status: 'failed' }, { status: 'passed' }] },
      { status: 'failed', assertionResults: [] },
      { status: 'passed', assertionResults: [{ status: 'passed' }] },
    ],
  }
  expect(readVitest(JSON.stringify(report))).toEqual({ passed: 5, failed: 2, skipped: 3 })
})

it('reads the report of Playwright; a flaky test has failed', () => {
  const stats = { expected: 4, unexpected: 1, flaky: 1, skipped: 2 }
  expect(readPlaywright(JSON.stringify({ stats, errors: [] }))).toEqual({
    passed: 4,
    failed: 2,
    skipped: 2,
  })
  expect(readPlaywright(JSON.stringify({ stats, errors: [{}] }))).toMatchObject({ failed: 3 })
})

it('reads the report of the engines', () => {
  expect(readEngines(JSON.stringify({ tally: two, cells: [] }))).toEqual(two)
})

it('half a report is none', () => {
  expect(readEngines('{"tally": {"pas')).toBeUndefined()
  expect(readVitest('{"numPassedTests": 5')).toBeUndefined()
  expect(readPlaywright('')).toBeUndefined()
})

it('ends with the plain line', () => {
  expect(lastLine(sum([ofCommand(true), ofCommand(false), two]))).toBe('3 passed, 1 failed')
  expect(lastLine({ ...two, skipped: 1 })).toBe('2 passed, 0 failed, 1 skipped')
})
