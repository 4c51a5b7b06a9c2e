/** Numbers of an output: itself, or the fields of a record in order. */
export const numbersOf = (out: unknown): number[] => (typeof out === 'number' ? [out] : Object.values(out as Record<string, number>))

const text = (x: unknown): string => (typeof x === 'number' ? (Object.is(x, -0) ? '-0' : String(x)) : typeof x === 'string' ? x : JSON.stringify(x))

/** Throws an error that says where, what was expected and what was received. */
export const fail = (where: string, expected: unknown, received: unknown): never => {
  throw new Error(`${where}: expected ${text(expected)}, received ${text(received)}`)
}

export const isTrue = (where: string, truth: boolean, expected: string, received: unknown): void => {
  if (!truth) fail(where, expected, received)
}

/** Bit for bit, NaN equal to NaN. */
export const same = (where: string, expected: readonly number[], received: readonly number[]): void => {
  if (expected.length !== received.length) fail(`${where}: length`, expected.length, received.length)
  for (let i = 0; i < expected.length; i++) if (!Object.is(expected[i], received[i])) fail(`${where}[${i}]`, expected[i], received[i])
}

/** Within `tolerance`, NaN equal to NaN. */
export const near = (where: string, expected: number, received: number, tolerance: number): void => {
  if (Object.is(expected, received) || Math.abs(expected - received) <= tolerance) return
  fail(`${where} (tolerance ${tolerance})`, expected, received)
}

/** The error that `run` throws; none is a failure. */
export const errorOf = (where: string, run: () => unknown): Error => {
  try {
    run()
  } catch (error) {
    if (error instanceof Error) return error
  }
  return fail(where, 'an error', 'none')
}
