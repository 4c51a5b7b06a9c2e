import type { PluginContractCase } from './contract-case.ts'

// Shared by the tests of the kits; nothing in the library imports it.

/** Runs a kit over something: the names of the promises that were broken, with what was said, and of those that were skipped. */
export function outcomeOf(cases: readonly PluginContractCase[]): { readonly broken: ReadonlyMap<string, string>; readonly skipped: readonly string[] } {
  const broken = new Map<string, string>()
  const skipped: string[] = []
  for (const { name, run } of cases) {
    try {
      if (run() !== undefined) skipped.push(name)
    } catch (error) {
      broken.set(name, (error as Error).message)
    }
  }
  return { broken, skipped }
}
