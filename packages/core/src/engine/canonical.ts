import type { Json } from '../model/json.ts'

/** Characters of the longest text that is looked through. */
const SHORT = 64

/**
 * Returns the canonical text of plain data, the input of every hash: keys sorted by code unit, no white space, numbers as
 * shortest round-trip text with -0 as 0. NaN and infinities must already be text (see `finite`); `undefined` members are left out.
 *
 * @throws TypeError on anything that is not plain data
 * @example
 * ```ts
 * canonicalText({ b: 1, a: [true, null, -0] }) // => '{"a":[true,null,0],"b":1}'
 * ```
 */
export function canonicalText(data: Json): string {
  switch (typeof data) {
    case 'string':
      return quoted(data)
    case 'boolean':
      return data ? 'true' : 'false'
    case 'number':
      return numberText(data)
    case 'object':
      return data === null ? 'null' : containerText(data)
    default:
      throw new TypeError(`expected plain data, received ${typeof data}`)
  }
}

/** Names and ids are short and hold nothing that is escaped: seeing that takes less than the call that would escape it. */
function quoted(text: string): string {
  if (text.length > SHORT) return JSON.stringify(text)
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code < 32 || code > 126 || code === 34 || code === 92) return JSON.stringify(text)
  }
  return `"${text}"`
}

function numberText(value: number): string {
  if (!Number.isFinite(value)) throw new TypeError(`expected a finite number, received ${value}: write it as text`)
  return value === 0 ? '0' : String(value)
}

function containerText(data: readonly Json[] | { readonly [key: string]: Json }): string {
  if (Array.isArray(data)) {
    let text = '['
    for (let i = 0; i < data.length; i++) text += (i === 0 ? '' : ',') + canonicalText(data[i] as Json)
    return `${text}]`
  }
  const members = data as { readonly [key: string]: Json | undefined }
  let text = '{'
  for (const key of Object.keys(members).sort()) {
    const member = members[key]
    if (member === undefined) continue
    text += `${text.length === 1 ? '' : ','}${quoted(key)}:${canonicalText(member)}`
  }
  return `${text}}`
}

/** Returns a float64 as plain data: itself, or `'NaN'`, `'Infinity'`, `'-Infinity'`. */
export const finite = (value: number): number | string => (Number.isFinite(value) ? value : String(value))

/** Returns the number that `finite` wrote. */
export const unfinite = (value: number | string): number => Number(value)
