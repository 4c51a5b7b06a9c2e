type Reviver = (key: string, value: unknown, context?: { readonly source?: string }) => unknown

/**
 * Parses JSON and keeps every number that float64 might change as the text it was written in.
 *
 * @throws SyntaxError on text that is no JSON
 * @example
 * ```ts
 * parseJson('{"rate":0.006,"size":49}') // => { rate: '0.006', size: 49 }
 * ```
 */
export const parseJson = (text: string): unknown => (JSON.parse as (text: string, reviver: Reviver) => unknown)(text, exactly)

/** Whole numbers that float64 holds, as they are usually written: counts and times. */
const plainInteger = /^-?\d{1,15}$/

const exactly: Reviver = (_key, value, context) =>
  typeof value !== 'number' || context?.source === undefined || plainInteger.test(context.source) ? value : context.source
