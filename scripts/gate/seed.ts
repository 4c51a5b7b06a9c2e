/** The seed of every property test, unless MILLRACE_SEED names another. */
export const DEFAULT_SEED = 20_251_010
