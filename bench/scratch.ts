import { openLaboratory } from './laboratory'
import { measure } from './throughput'
import { median } from './statistics'
const laboratory = await openLaboratory(console.error)
const tasks = Number(process.argv[2] ?? 1)
const rates: Record<string, number[]> = {}
const cpus: Record<string, number[]> = {}
for (let couple = 0; couple < 3; couple++) {
  const bare = await laboratory.tab({ bare: true })
  const off = await laboratory.tab({})
  const hundred = await laboratory.tab({})
  const noop = await laboratory.tab({})
  const count = await laboratory.tab({})
  await hundred.page.evaluate(() => window.bench.record(100))
  await noop.page.evaluate(() => window.bench.scratchRecorder('noop'))
  await count.page.evaluate(() => window.bench.scratchRecorder('count'))
  const tabs = { bare, off, noop, count, hundred }
  for (const tab of Object.values(tabs)) await measure(tab, 'ours', tasks, 400)
  for (let i = 0; i < 8; i++) for (const [name, tab] of Object.entries(tabs)) {
    const { rate, cpu } = await measure(tab, 'ours', tasks, 100)
    ;(rates[name] ??= []).push(rate); (cpus[name] ??= []).push(cpu)
  }
  console.log(await hundred.page.evaluate(() => window.bench.recorded()))
  for (const tab of Object.values(tabs)) await tab.close()
}
for (const name of Object.keys(cpus)) console.log(name, 'cpu', median(cpus[name]!).toFixed(0), 'ns', 'least', Math.min(...cpus[name]!).toFixed(0), 'ratio', (median(cpus.bare!) / median(cpus[name]!)).toFixed(3), 'rate', Math.max(...rates[name]!).toFixed(0), (Math.max(...rates[name]!)/Math.max(...rates.bare!)).toFixed(3))
await laboratory.close()
