import { add, empty, load, onChange, type Product, products } from './cart'
import { sync } from './sync'

// In development only: a build leaves it out.
if (import.meta.env.DEV) await import('latchkey/inspector/auto')

const list = element('cart')
const counts = new Map(products.map((product) => [product, document.createElement('output')]))

for (const [product, count] of counts) {
  const line = document.createElement('li')
  const name = document.createElement('span')
  name.textContent = product
  count.ariaLabel = product
  line.append(name, count, adder(product, 1), adder(product, 20))
  list.append(line)
}
element('empty').onclick = () => empty()

let isStale = false
onChange(() => {
  // Many changes, one look.
  if (isStale) return
  isStale = true
  requestAnimationFrame(draw)
})
await draw()
sync((words) => {
  element('sync').textContent = words
})

async function draw(): Promise<void> {
  isStale = false
  const { items } = await load()
  let total = 0
  for (const [product, count] of counts) {
    count.textContent = String(items[product])
    total += items[product]
  }
  element('total').textContent = String(total)
}

function adder(product: Product, times: number): HTMLButtonElement {
  const button = document.createElement('button')
  button.textContent = `Add ${times} ${product}`
  // One by one and all at once, as impatient people press.
  button.onclick = () => Promise.all(Array.from({ length: times }, () => add(product, 1)))
  return button
}

function element(id: string): HTMLElement {
  const found = document.getElementById(id)
  if (found === null) throw new Error(`the page has no #${id}`)
  return found
}
