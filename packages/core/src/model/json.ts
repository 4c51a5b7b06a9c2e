/** Plain data: what `snapshot()` returns, `restore()` takes and the journal holds. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }
