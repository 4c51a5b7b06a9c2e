import type { Decimal } from 'decimal.js'
import { BASE, ZERO, fromWords, topOf, zeros } from './decimal-words.ts'

/** Words of 10^7, enough for 35 digits before the point and 49 after it. */
const WORDS = 12
/** The power of 10^7 that the first word counts. */
const TOP = 4
/** Additions after which words are carried: far fewer than float64 holds exactly. */
const CARRY_AFTER = 1_000_000

/**
 * An exact balance that amounts are added to in place. Nothing is carried, rounded or allocated until somebody asks for the value, because most of what is
 * posted is only looked at much later.
 */
export class RunningSum {
  private readonly words = new Float64Array(WORDS)
  private known: Decimal | undefined = ZERO
  private uncarried = 0

  /** @throws RangeError on an amount of more than 35 digits before the point or 49 after it */
  add(amount: Decimal): void {
    this.post(amount, amount.s)
  }

  /** @throws RangeError on an amount of more than 35 digits before the point or 49 after it */
  subtract(amount: Decimal): void {
    this.post(amount, -amount.s)
  }

  /** The sum so far. */
  get value(): Decimal {
    return (this.known ??= this.carried())
  }

  private post(amount: Decimal, sign: number): void {
    const digits = amount.d
    const first = TOP - topOf(amount)
    if (digits === null || first < 0 || first + digits.length > WORDS)
      throw new RangeError(`expected an amount of at most 35 digits before the point and 49 after it, received ${amount.toString()}`)
    for (let i = 0; i < digits.length; i++) this.words[first + i]! += sign * digits[i]!
    this.known = undefined
    if (++this.uncarried > CARRY_AFTER) this.carry(this.words)
  }

  private carried(): Decimal {
    this.carry(this.words)
    if (this.words[0]! >= 0) return amountOf(1, this.words)
    const size = this.words.map((word) => -word)
    this.carry(size)
    return amountOf(-1, size)
  }

  /** Afterwards every word but the first is in 0..10^7 - 1; the first keeps the sign. */
  private carry(words: Float64Array): void {
    for (let i = WORDS - 1; i > 0; i--) {
      const carry = Math.floor(words[i]! / BASE)
      words[i]! -= carry * BASE
      words[i - 1]! += carry
    }
    this.uncarried = 0
  }

  /** True when several sums add up to exactly zero. */
  static cancel(sums: readonly RunningSum[]): boolean {
    let carry = 0
    for (let i = WORDS - 1; i >= 0; i--) {
      let total = carry
      for (let k = 0; k < sums.length; k++) total += sums[k]!.words[i]!
      carry = total / BASE
      if (!Number.isInteger(carry)) return false
    }
    return carry === 0
  }
}

function amountOf(sign: 1 | -1, words: Float64Array): Decimal {
  let first = 0
  let last = WORDS - 1
  while (first < last && words[first] === 0) first++
  while (last > first && words[last] === 0) last--
  const made = zeros(last - first + 1)
  for (let i = first; i <= last; i++) made[i - first] = words[i]! | 0
  return fromWords(sign, made, TOP - first, 0)
}
