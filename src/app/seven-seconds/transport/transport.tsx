import { ActionButton } from '../../shell/action-button'
import { labAction } from '../lab-actions'
import { RunControls } from '../real/run-controls'
import { Readout } from './readout'
import { Scrub } from './scrub'
import { SpeedChoice } from './speed-choice'
import './transport.css'

/** Where we are in time, and every way to move in it. */
export function Transport() {
  return (
    <section className="transport-dock" aria-label="Time">
      <div className="transport panel">
        <div className="transport-buttons">
          <ActionButton action={labAction('start')} look="icon" />
          <ActionButton action={labAction('back')} look="icon" />
          <ActionButton action={labAction('play')} look="strong" />
          <ActionButton action={labAction('forward')} look="icon" />
          <ActionButton action={labAction('end')} look="icon" />
        </div>
        <Readout />
        <Scrub />
        <SpeedChoice />
        <RunControls />
      </div>
    </section>
  )
}
