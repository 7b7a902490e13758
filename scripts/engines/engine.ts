/** A browser engine, as far as the suite needs one: a page that can be asked. */

export interface Engine {
  /** Opens a page in a browser of its own. */
  open(url: string): Promise<Page>
}

export interface Page {
  /** Of the browser. */
  readonly version: string
  /** The value of an expression, awaited if it is a promise. It must be text. */
  evaluate(expression: string): Promise<string>
  /** Ends the browser, and all that came with it. */
  close(): Promise<void>
}

/** ms for a browser to start, and for a page to load. */
export const startLimit = 40_000
