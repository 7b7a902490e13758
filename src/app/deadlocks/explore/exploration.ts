import type { Program } from '../../../scenario'
export type Exploration = { readonly kind: 'none' } | { readonly kind: 'running' }
export function explorer(_show: (exploration: Exploration) => void) {
  return { begin: (_program: Program) => {}, cancel: () => {} }
}
