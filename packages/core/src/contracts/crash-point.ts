/**
 * Every place at which a process can die between two states of the world: around each durable write and each call of the exchange. A closed list, so that the
 * table of crash tests (`Record<CrashPoint, …>`) does not compile while one is missing.
 */
export const crashPoints = [
  // A commit of the journal, by the weightiest entry in it.
  'commit:fill',
  'commit:orderEvent',
  'commit:sent',
  'commit:intent',
  'commit:latch',
  'commit:runStarted',
  'commit:other',
  // What the store writes beside the journal.
  'store:migration',
  'store:take-over',
  'store:projections',
  'store:checkpoint',
  'store:high-water',
  'store:lock',
  'store:unlock',
  'store:close',
  // The engine's answers to a stop from outside.
  'halt:acknowledge',
  'halt:clear',
  // Copies of a store, in and out.
  'backup:in-place',
  'restore:log-aside',
  'restore:file-aside',
  'restore:in-place',
  // The exchange.
  'venue:submit',
  'venue:cancel',
] as const

/** The name of one place at which a process can die. */
export type CrashPoint = (typeof crashPoints)[number]

/**
 * Does an action at a named place and returns what it gives. What a test passes in ends the process before or after it; everything else runs
 * {@link straightOn}.
 */
export type At = <T>(point: CrashPoint, action: () => T) => T

/**
 * Runs the action and nothing else: no crash anywhere.
 *
 * @example
 * ```ts
 * straightOn('venue:submit', () => 1) // => 1
 * ```
 */
export const straightOn: At = (_, action) => action()
