import { Download } from 'lucide-react'
import { useState } from 'react'
import { type ExportFormat, exportFormats, exportName } from '../../../observe/export'
import { useStore } from '../../store'
import { sideName } from '../names'
import { shownRun } from '../slice'
import { CopyAsTest } from './copy-as-test'
import { saveFile } from './save-file'

/** Everything that the run can be taken away as. */
export function ExportsPanel() {
  const recording = useStore(({ contention }) => shownRun(contention)?.recording)
  const side = useStore(({ contention }) => contention.side)
  const both = useStore(({ contention }) => contention.b !== undefined)
  const [said, setSaid] = useState('')
  const write = async (format: ExportFormat) => {
    if (!recording) return
    const { name, mime } = exportName(format.id, recording)
    try {
      const bytes = await format.write(recording)
      saveFile(name, new Blob([bytes], { type: mime }))
      setSaid(`${name}: ${sizeText(bytes.length)}.`)
    } catch (error) {
      setSaid(`${name} could not be written: ${error instanceof Error ? error.message : error}`)
    }
  }
  return (
    <section className="take panel" aria-label="Take it away">
      <div className="panel-head">
        <h2 className="panel-title">Take it away{both && ` (${sideName[side]})`}</h2>
        <CopyAsTest />
      </div>
      <div className="take-body">
        <ul className="take-list">
          {exportFormats.map((format) => (
            <li key={format.id}>
              <button
                type="button"
                className="button"
                data-export={format.id}
                disabled={!recording}
                onClick={() => write(format)}
              >
                <Download size={15} aria-hidden="true" />
                {format.label}
              </button>
            </li>
          ))}
        </ul>
        <p role="status" className="take-said" data-testid="taken">
          {recording ? said : 'Once something has run.'}
        </p>
      </div>
    </section>
  )
}

function sizeText(bytes: number): string {
  return bytes < 1000 ? `${bytes} bytes` : `${Math.round(bytes / 1000).toLocaleString('en')} kB`
}
