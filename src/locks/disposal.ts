/**
 * Defines `Symbol.dispose` and `Symbol.asyncDispose` where the engine lacks them (Safari before
 * 26), so that compiled `using` declarations work there too (ECMAScript explicit resource
 * management).
 */
export function ensureDisposalSymbols(): void {
  const symbols = Symbol as { dispose?: symbol; asyncDispose?: symbol }
  symbols.dispose ??= Symbol('Symbol.dispose')
  symbols.asyncDispose ??= Symbol('Symbol.asyncDispose')
}
