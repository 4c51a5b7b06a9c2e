/**
 * Inputs that one call of a kernel takes. A long series goes through in portions because V8 compiles a function that is called often once and for good, but one
 * long loop anew in each call, and runs slow code until that is done. A portion of a few columns also stays near to the processor.
 *
 * The kernels take typed arrays and numbers only, their state in a typed array as well: code that knows the hidden class of an object is thrown away when the
 * last such object is collected, and the objects of a batch call do not live long.
 */
export const PORTION = 1024

/** The portion that holds whole blocks of `size`. */
export const wholeBlocks = (size: number): number => Math.max(size, PORTION - (PORTION % size))

/** Columns of candles, for a kernel. */
export type Hlc = readonly [high: Float64Array, low: Float64Array, close: Float64Array]
