import { beforeEach, describe, expect, it } from 'vitest'
import { encodeProgramLink } from '../../scenario'
import { addressOf, placeOf } from '../address'
import { useStore } from '../store'
import { deadlocksAddress } from './address'
import { firstProgram, programOf } from './catalogue/cases'

const fresh = useStore.getInitialState()
beforeEach(() => useStore.setState({ ...fresh, page: 'deadlocks' }, true))

const state = () => useStore.getState()
const own = programOf('thread A\n lock a\n unlock a\nthread B\n lock a\n unlock a')

describe('the address', () => {
  it('holds program, schedule and place', () => {
    state().deadlocks.show({ program: own, schedule: [1, 0, 1], position: 2 })
    const { page, link } = placeOf(addressOf(state()))
    expect(page).toBe('deadlocks')
    state().deadlocks.show({ program: firstProgram })
    const reading = deadlocksAddress.read(link)
    if (reading.kind !== 'ok') throw new Error(reading.kind)
    reading.show(state())
    expect(state().deadlocks).toMatchObject({ program: own, schedule: [1, 0, 1], position: 2 })
  })

  it('refuses what cannot be read, and a schedule that cannot be run', () => {
    expect(deadlocksAddress.read('garbage')).toMatchObject({ kind: 'broken' })
    expect(deadlocksAddress.read('')).toEqual({ kind: 'absent' })
    const link = encodeProgramLink({ program: own, schedule: [0, 0, 0], at: 1 }).slice(1)
    expect(deadlocksAddress.read(link)).toEqual({
      kind: 'broken',
      why: 'This link holds a schedule that cannot be run.',
    })
  })

  it('makes a step of a case, and amends what moves', () => {
    const before = state()
    before.deadlocks.goTo(1)
    expect(deadlocksAddress.changeOf(state(), before)).toBe('amendment')
    const moved = state()
    moved.deadlocks.show({ program: own })
    expect(deadlocksAddress.changeOf(state(), moved)).toBe('step')
    const chosen = state()
    chosen.deadlocks.type('thread A\n lock a')
    expect(deadlocksAddress.changeOf(state(), chosen)).toBe('amendment')
    const typed = state()
    typed.deadlocks.setRate(8)
    expect(deadlocksAddress.changeOf(state(), typed)).toBeUndefined()
  })
})
