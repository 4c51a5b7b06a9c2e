declare const brand: unique symbol

/** A type that only its own constructor can make: a string or number with a name. */
export type Brand<T, Name extends string> = T & { readonly [brand]: Name }
