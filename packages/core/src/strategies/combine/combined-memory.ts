import type { StrategyMemory } from '../../contracts/strategy.ts'
import type { Json } from '../../model/json.ts'

/** What a combination remembers: for each strategy with memory its state as plain data, and as its schema reads it. */
export interface CombinedState {
  readonly plain: Readonly<Record<string, Json>>
  readonly read: Readonly<Record<string, unknown>>
}

interface Member {
  readonly prefix: string
  readonly memory: StrategyMemory | undefined
}

/**
 * Joins the memories of strategies under their names. A stored state may lack one (it begins with its initial state) or hold one of a strategy that is gone (it is
 * forgotten): that is a change of the combination.
 *
 * @returns undefined when none of them has a memory
 */
export function combinedMemory(members: readonly Member[]): StrategyMemory | undefined {
  const memories = members.flatMap(({ prefix, memory }) => (memory === undefined ? [] : [[prefix, memory] as const]))
  if (memories.length === 0) return undefined
  return {
    initial: Object.fromEntries(memories.map(([prefix, memory]) => [prefix, memory.initial])),
    read(state: Json): CombinedState {
      if (typeof state !== 'object' || state === null || Array.isArray(state))
        throw new TypeError(`state: expected an object, received ${JSON.stringify(state)}`)
      const stored = state as Readonly<Record<string, Json | undefined>>
      const plain = Object.fromEntries(memories.map(([prefix, memory]) => [prefix, stored[prefix] ?? memory.initial]))
      return { plain, read: Object.fromEntries(memories.map(([prefix, memory]) => [prefix, readPart(prefix, memory, plain[prefix]!)])) }
    },
  }
}

function readPart(prefix: string, memory: StrategyMemory, state: Json): unknown {
  try {
    return memory.read(state)
  } catch (error) {
    throw new TypeError(`${prefix}: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
  }
}
