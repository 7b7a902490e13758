import type { Sentence } from '../../simulate'
import { Raised } from './raised'

/** A sentence with its names in code type and its weight where the sentence puts it. */
export function Prose({ sentence }: { readonly sentence: Sentence }) {
  return sentence.map(({ kind, text }, index) => {
    // Sentences never reorder their pieces: the place is the identity.
    const key = `${index}:${text}`
    if (kind === 'code')
      return (
        <code key={key}>
          <Raised text={text} />
        </code>
      )
    if (kind === 'strong') return <strong key={key}>{text}</strong>
    return (
      <span key={key}>
        <Raised text={text} />
      </span>
    )
  })
}

export function plainText(sentence: Sentence): string {
  return sentence.map(({ text }) => text).join('')
}
