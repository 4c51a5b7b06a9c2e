import type { z } from 'zod'

/** A plugin that a configuration file can name: the schema of its parameters and its factory. */
export interface PluginEntry<T> {
  readonly params: z.ZodType
  make(params: unknown): T
  /** What is wrong with what was made, in words; for factories that this library cannot vouch for. */
  check?(made: T): string | undefined
  /** For a plugin that is made of others: the same entry, naming those of the registry at hand. */
  within?(entries: Readonly<Record<string, PluginEntry<T>>>): PluginEntry<T>
}
