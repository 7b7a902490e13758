/**
 * Every module specifier of a source text, with its place: static imports and re-exports, dynamic
 * imports, type imports (`import('./x').X`), `import x = require()`, `import.meta.glob` and worker
 * URLs (`new URL('./x.ts', import.meta.url)`). Read by Vite's own parser, so that nothing can hide
 * from it in a string, a comment or an unusual line break.
 */
import { parseSync, Visitor } from 'vite'

export interface Specifier {
  /** `undefined` where the specifier is computed and nobody can say what it names. */
  readonly value: string | undefined
  /** The literal with its quotes: `[start, end)`. */
  readonly start: number
  readonly end: number
  readonly line: number
}

interface Node {
  readonly type: string
  readonly start: number
  readonly end: number
}

export function specifiers(filename: string, text: string): readonly Specifier[] {
  const { program, errors } = parseSync(filename, text)
  const error = errors[0]
  if (error) throw new SyntaxError(`${filename}: ${error.message}`)

  const found: Specifier[] = []
  const note = (node: Node): void => {
    found.push({
      value: literal(node),
      start: node.start,
      end: node.end,
      line: text.slice(0, node.start).split('\n').length,
    })
  }
  new Visitor({
    ImportDeclaration: (node) => note(node.source),
    ExportAllDeclaration: (node) => note(node.source),
    ExportNamedDeclaration: (node) => {
      if (node.source) note(node.source)
    },
    ImportExpression: (node) => note(node.source),
    TSImportType: (node) => note(node.source),
    TSExternalModuleReference: (node) => note(node.expression),
    NewExpression: ({ callee, arguments: [url, base] }) => {
      if (!url || !base || callee.type !== 'Identifier' || callee.name !== 'URL') return
      if (text.slice(base.start, base.end) === 'import.meta.url') note(url)
    },
    CallExpression: ({ callee, arguments: [pattern] }) => {
      if (!pattern || text.slice(callee.start, callee.end) !== 'import.meta.glob') return
      if (pattern.type !== 'ArrayExpression') note(pattern)
      else for (const element of pattern.elements) if (element) note(element)
    },
  }).visit(program)
  return found
}

function literal(node: Node): string | undefined {
  return node.type === 'Literal' && 'value' in node && typeof node.value === 'string'
    ? node.value
    : undefined
}
