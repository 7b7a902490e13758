import { useRun } from '../use-run'
import { SpansTable } from './spans-table'
import { StepsTable } from './steps-table'
import './tables.css'

/** All that the lanes show, in words; every row leads to its moment. */
export function Tables() {
  const run = useRun()
  return (
    <div className="tables">
      <SpansTable run={run} />
      <StepsTable run={run} />
    </div>
  )
}
