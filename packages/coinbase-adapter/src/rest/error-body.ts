import { withoutSecrets } from './without-secrets.ts'

/** What an error answer says: the venue's code and a sentence, both empty when it says nothing. */
export interface ErrorBody {
  readonly code: string
  readonly text: string
}

const LONGEST_TEXT = 300

/**
 * Reads the body of an error answer. Coinbase sends plain text, three shapes of JSON, HTML and nothing at all; whatever it is, this takes it.
 *
 * @example
 * ```ts
 * parseErrorBody('{"error":"NOT_FOUND","message":"Product NOPE-USD not supported"}').code // => 'NOT_FOUND'
 * parseErrorBody('Unauthorized').text // => 'Unauthorized'
 * ```
 */
export function parseErrorBody(body: string): ErrorBody {
  const json = objectOf(body)
  if (json === undefined) return { code: '', text: shortened(body) }
  const first: unknown = Array.isArray(json['errors']) ? json['errors'][0] : undefined
  const { id, message } = (typeof first === 'object' && first !== null ? first : {}) as Readonly<Record<string, unknown>>
  const code = shortened(textOf(json['error']) || textOf(id) || (typeof json['code'] === 'number' ? String(json['code']) : textOf(json['code'])))
  return { code, text: shortened(textOf(json['message']) || textOf(json['error_details']) || textOf(message)) }
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

function shortened(text: string): string {
  const plain = withoutSecrets(text)
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
  return plain.length <= LONGEST_TEXT ? plain : `${plain.slice(0, LONGEST_TEXT)}…`
}

function objectOf(body: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(body)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}
