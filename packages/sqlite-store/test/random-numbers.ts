/** Uniform numbers from 0 to 1 (mulberry32): the same ones on every run. */
export function randomNumbers(seed: number): () => number {
  let x = seed | 0
  return () => {
    x = (x + 0x6d2b79f5) | 0
    let y = Math.imul(x ^ (x >>> 15), x | 1)
    y ^= y + Math.imul(y ^ (y >>> 7), y | 61)
    return ((y ^ (y >>> 14)) >>> 0) / 2 ** 32
  }
}
