import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import type { Sources } from './data.ts'
import { lookUp } from './data.ts'
import { tone } from './format.ts'
import type { Shown } from './format.ts'
import { written } from './written.ts'
import type { NumberFormat } from './written.ts'

/** What the numbers below are read from. */
export const SourcesContext = createContext<Sources | undefined>(undefined)

/**
 * A number of the page: read from its source and formatted, never worked out. It carries where it comes from, so that anybody can check it.
 *
 * @param of - the source, as `state/bots/btc/fees`
 */
export function Num({ of, as, class: name = '', coloured = false }: { of: string; as: NumberFormat; class?: string; coloured?: boolean }) {
  const value = lookUp(useContext(SourcesContext), of)
  const colour = coloured ? tone(value as Shown) : ''
  return (
    <span class={`${name} ${colour}`.trim() || undefined} data-source={of} data-as={as}>
      {written(value, as)}
    </span>
  )
}
