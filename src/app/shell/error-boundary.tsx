import { Component, type ErrorInfo, type ReactNode } from 'react'

interface Props {
  /** What could not be shown, as the sentence names it: "The lanes". */
  readonly what: string
  /** A change of this value tries again: a new scenario, another policy. */
  readonly retryOn?: unknown
  readonly children: ReactNode
}

interface State {
  readonly error: Error | undefined
}

/** Says what failed, and with which words, in place of what failed; the rest keeps working. */
export class ErrorBoundary extends Component<Props, State> {
  override state: State = { error: undefined }

  static getDerivedStateFromError(cause: unknown): State {
    return { error: cause instanceof Error ? cause : new Error(String(cause)) }
  }

  override componentDidUpdate(before: Props) {
    if (this.state.error && before.retryOn !== this.props.retryOn) this.retry()
  }

  override componentDidCatch(error: Error, info: ErrorInfo) {
    // Reaches window.onerror's listeners and the console alike; React has already unmounted us.
    reportError(
      new Error(`${this.props.what} failed${info.componentStack ?? ''}`, { cause: error }),
    )
  }

  retry = () => this.setState({ error: undefined })

  override render() {
    const { error } = this.state
    if (!error) return this.props.children
    return (
      <div className="panel failure" role="alert">
        <p>
          <strong>{this.props.what} could not be shown.</strong> {error.message}
        </p>
        <button type="button" className="button" onClick={this.retry}>
          Try again
        </button>
      </div>
    )
  }
}
