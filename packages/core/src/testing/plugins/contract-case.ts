/** One promise of a plugin; `run` throws with what was wrong and how it is put right, or says why the promise could not be tried. */
export interface PluginContractCase {
  readonly name: string
  readonly run: () => void | { readonly skipped: string }
}

/** A check of something freshly made; what it returns is why it was skipped. */
export type Check<T> = (subject: T) => void | string

/**
 * Makes the cases of one kit: each asks for a new plugin, and adds to a failure what its author usually did and what to do instead.
 *
 * @param make - called anew for each case
 */
export const promisesOf =
  <T>(make: () => T) =>
  (name: string, fix: string, check: Check<T>): PluginContractCase => ({
    name,
    run() {
      let skipped: void | string
      try {
        skipped = check(make())
      } catch (cause) {
        throw explained(name, fix, cause)
      }
      return skipped === undefined ? undefined : { skipped }
    },
  })

/** One promise of a plugin that takes its time; `run` rejects with what was wrong and how it is put right, or says why the promise could not be tried. */
export interface LaterContractCase {
  readonly name: string
  readonly run: () => Promise<void | { readonly skipped: string }>
}

/** As {@link promisesOf}, for what needs promises to be made or checked. */
export const laterPromisesOf =
  <T>(make: () => T | Promise<T>) =>
  (name: string, fix: string, check: (subject: T) => Promise<void | string>): LaterContractCase => ({
    name,
    async run() {
      try {
        const skipped = await check(await make())
        return skipped === undefined ? undefined : { skipped }
      } catch (cause) {
        throw explained(name, fix, cause)
      }
    },
  })

const explained = (name: string, fix: string, cause: unknown): Error => new Error(`${name}: ${messageOf(cause)}\n  To put it right: ${fix}`, { cause })

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

export function must(condition: boolean, message: () => string): asserts condition {
  if (!condition) throw new Error(message())
}

/** JSON with the numbers that JSON does not know. */
export const plainText = (value: unknown): string =>
  JSON.stringify(value, (_key, member: unknown) => (typeof member === 'number' && !Number.isFinite(member) ? String(member) : member)) ?? String(value)
