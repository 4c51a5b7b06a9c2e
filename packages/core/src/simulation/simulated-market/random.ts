/** Random numbers by xoshiro128** 1.1 (D. Blackman, S. Vigna): integer arithmetic and sums only, so that every engine gives the same bits. */
export class RandomStream {
  #a: number
  #b: number
  #c: number
  #d: number

  /** Four words of 32 bits, not all of them zero. */
  constructor(a: number, b: number, c: number, d: number) {
    this.#a = a
    this.#b = b
    this.#c = c
    this.#d = d
  }

  /** 32 random bits, 0..2^32 - 1. */
  bits(): number {
    const b = this.#b
    const product = Math.imul(b, 5)
    const result = Math.imul((product << 7) | (product >>> 25), 9)
    this.#c ^= this.#a
    this.#d ^= b
    this.#b = b ^ this.#c
    this.#a ^= this.#d
    this.#c ^= b << 9
    this.#d = (this.#d << 11) | (this.#d >>> 21)
    return result >>> 0
  }

  /** Uniform in 0..1, 1 excluded, in steps of 2^-32. */
  uniform(): number {
    return this.bits() * 2.3283064365386963e-10
  }

  /** Standard normal by the sum of twelve uniforms of 16 bits (Irwin-Hall): mean 0, deviation 1, never beyond +-6. */
  normal(): number {
    let sum = 0
    for (let i = 0; i < 6; i++) {
      const bits = this.bits()
      sum += (bits & 0xffff) + (bits >>> 16)
    }
    // Each half lies in 0..65535 with mean 32767.5; twelve of them have a variance of 65536^2 - 1.
    return (sum - 393_210) * 1.5258789064276e-5
  }
}

/** Returns the random numbers of one purpose, say the path of a coin on a day: no two purposes share numbers. `seed` is any safe integer. */
export function randomStream(seed: number, name: string, index: number): RandomStream {
  const mix = splitMix32(nameHash(name), seed | 0, Math.floor(seed / 2 ** 32) | 0, index | 0)
  // A state of zeros alone would stay zero for ever.
  return new RandomStream(mix(), mix(), mix(), mix() | 1)
}

/** FNV-1a over UTF-16 code units. */
function nameHash(name: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193)
  return hash
}

/** SplitMix32: a Weyl sequence through the finaliser of MurmurHash3. Each part is absorbed before the next. */
function splitMix32(...parts: readonly number[]): () => number {
  let state = 0
  const next = (): number => {
    state = (state + 0x9e3779b9) | 0
    let z = state
    z = Math.imul(z ^ (z >>> 16), 0x85ebca6b)
    z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35)
    return z ^ (z >>> 16)
  }
  for (const part of parts) state = (next() ^ part) | 0
  return next
}
