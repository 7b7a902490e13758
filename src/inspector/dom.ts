/** The little of a framework that the panel needs: elements, and lists that change in place. */

type Child = Node | string

type Attributes = Readonly<Record<string, string | number | boolean | undefined>>

export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) set(made, name, value)
  made.append(...children)
  return made
}

/** `undefined` and `false` take an attribute away. What is as wanted is not touched. */
export function set(of: Element, name: string, value: string | number | boolean | undefined): void {
  if (value === undefined || value === false) {
    if (of.hasAttribute(name)) of.removeAttribute(name)
    return
  }
  const text = value === true ? '' : String(value)
  if (of.getAttribute(name) !== text) of.setAttribute(name, text)
}

export function write(of: Element, text: string): void {
  if (of.textContent !== text) of.textContent = text
}

export function button(label: string, act: () => void, attributes: Attributes = {}) {
  const made = element('button', { type: 'button', ...attributes }, label)
  made.addEventListener('click', act)
  return made
}

export interface Row<T> {
  readonly element: HTMLElement
  update(item: T): void
}

/** A list whose elements stay those of their items, so that focus and selection stay too. */
export class Rows<T> {
  #rows = new Map<string, Row<T>>()

  constructor(
    readonly parent: HTMLElement,
    readonly keyOf: (item: T) => string,
    readonly make: (item: T) => Row<T>,
  ) {}

  show(items: readonly T[]): void {
    const before = this.#rows
    const rows = new Map<string, Row<T>>()
    for (const item of items) {
      const key = this.keyOf(item)
      const row = before.get(key) ?? this.make(item)
      row.update(item)
      rows.set(key, row)
    }
    for (const [key, row] of before) if (rows.get(key) !== row) row.element.remove()
    this.#rows = rows
    let next = this.parent.firstElementChild
    for (const { element } of rows.values()) {
      if (element === next) next = next.nextElementSibling
      else this.parent.insertBefore(element, next)
    }
  }
}

/**
 * One of several can be reached by Tab, the others from there by the arrows, Home and End (ARIA
 * Authoring Practices, "roving tabindex").
 */
export function rove(
  list: HTMLElement,
  selector: string,
  keys: readonly [back: string, on: string],
  arrive?: (at: HTMLElement) => void,
): void {
  list.addEventListener('keydown', (event) => {
    const all = [...list.querySelectorAll<HTMLElement>(selector)]
    const at = all.indexOf(event.target as HTMLElement)
    if (at < 0) return
    const to = { [keys[0]]: at - 1, [keys[1]]: at + 1, Home: 0, End: all.length - 1 }[event.key]
    const target = to === undefined ? undefined : all[Math.min(Math.max(to, 0), all.length - 1)]
    if (target === undefined) return
    event.preventDefault()
    for (const each of all) each.tabIndex = each === target ? 0 : -1
    target.focus()
    arrive?.(target)
  })
}
