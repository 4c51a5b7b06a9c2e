import { shown } from '../model/params.ts'
import { suggestion } from '../model/suggestion.ts'

/** What a module exports, by name. */
export type ModuleExports = Readonly<Record<string, unknown>>

/** Something expected of a module, and what it has instead. */
export interface Unfit {
  readonly expected: string
  readonly received: string
}

/** What a value is good for, or why it is good for nothing. */
export type Fit<T> = { readonly is: T } | { readonly isNot: string }

/**
 * Chooses among the exports of a module.
 *
 * @param name - the export; undefined: the only one that fits
 * @param what - what it should be, with its article
 */
export function chooseExport<T>(
  exports: ModuleExports,
  name: string | undefined,
  what: string,
  fitOf: (value: unknown) => Fit<T>,
): { readonly chosen: T } | Unfit {
  const names = Object.keys(exports)
  if (name !== undefined) {
    if (!names.includes(name)) return { expected: `an export ${shown(name)}${suggestion(name, names)}`, received: listed(names) }
    const fit = fitOf(exports[name])
    return 'is' in fit ? { chosen: fit.is } : { expected: `${what} as ${shown(name)}`, received: fit.isNot }
  }
  const fitting = new Map<unknown, { readonly name: string; readonly is: T }>()
  const others: string[] = []
  for (const each of names) {
    const fit = fitOf(exports[each])
    if ('isNot' in fit) others.push(`${each}: ${fit.isNot}`)
    // A module in CommonJS exports its parts by name and all of them as `default`.
    else if (!fitting.has(exports[each])) fitting.set(exports[each], { name: each, is: fit.is })
  }
  const [first, second] = fitting.values()
  if (first === undefined) return { expected: `an export that is ${what}`, received: names.length === 0 ? listed(names) : others.slice(0, 5).join('; ') }
  if (second === undefined) return { chosen: first.is }
  return { expected: `one export that is ${what}, or its name behind a #`, received: [...fitting.values()].map((each) => each.name).join(', ') }
}

const listed = (names: readonly string[]): string => (names.length === 0 ? 'a module without exports' : `the exports ${names.join(', ')}`)
