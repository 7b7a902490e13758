import { GoTo } from '../../seven-seconds/table/go-to'
import { useStore } from '../../store'
import { useFrames } from '../use-frames'
import { stepWords } from '../words'
import '../../seven-seconds/table/tables.css'

/** Every step in words; its number leads to its moment. */
export function StepsTable() {
  const frames = useFrames()
  const program = useStore(({ deadlocks }) => deadlocks.program)
  const schedule = useStore(({ deadlocks }) => deadlocks.schedule)
  const position = useStore(({ deadlocks }) => deadlocks.position)
  const goTo = useStore(({ deadlocks }) => deadlocks.goTo)
  return (
    <div className="tables">
      <div className="table-frame">
        <table>
          <caption>Every step</caption>
          <thead>
            <tr>
              <th scope="col">Step</th>
              <th scope="col">Thread</th>
              <th scope="col">What happens</th>
            </tr>
          </thead>
          <tbody>
            {schedule.map((thread, index) => {
              const before = frames[index]
              const after = frames[index + 1]
              if (!before || !after) return null
              return (
                <tr
                  // biome-ignore lint/suspicious/noArrayIndexKey: steps never change places
                  key={index}
                  aria-current={index + 1 === position ? 'step' : undefined}
                >
                  <td>
                    <GoTo text={String(index + 1)} onGo={() => goTo(index + 1)} />
                  </td>
                  <td>{after.threads[thread]?.name}</td>
                  <td className="table-why">{stepWords(program, before, after, thread)}</td>
                </tr>
              )
            })}
          </tbody>
        </table>
      </div>
    </div>
  )
}
