import { z } from 'zod'
import { chance, numberOf } from '../random.ts'
import { faultKinds } from './kinds.ts'
import type { Fault, FaultGate, FaultKind } from './kinds.ts'

/** Chances by kind, 0 to 1, drawn for everything that the kind can happen to; from a seed of their own. */
export interface FaultPlan {
  readonly seed: number
  readonly chances: Readonly<Partial<Record<FaultKind, number>>>
}

/** A fault that is to happen to what comes next. */
export const injectionSchema = z.strictObject({
  kind: z.enum(faultKinds),
  /** How often; once when left out. */
  times: z.int().min(1).max(1_000_000).default(1),
  /** Only to what has this text in its name: `POST /orders`, a client order id, a channel. */
  matching: z.string().optional(),
  /** For delays and what ends by itself, in ms. */
  delayMs: z.number().min(0).optional(),
  /** For `errorBefore` and `errorAfter`. */
  status: z.int().min(400).max(599).optional(),
  retryAfterS: z.int().min(0).optional(),
})

/** A fault on demand. */
export type Injection = z.input<typeof injectionSchema>

/** The gate and what the control adds to it. */
export interface ControlledGate extends FaultGate {
  inject(injection: Injection): void
  /** From now on: another plan, or none. Injections that still wait are forgotten with `undefined`. */
  plan(plan: FaultPlan | undefined): void
  /** Injections that still wait for something to happen to. */
  readonly waiting: number
}

interface Waiting extends z.output<typeof injectionSchema> {
  left: number
}

/**
 * Returns the gate that says when something goes wrong. Chance is drawn from the seed, the kind, the name of what it may happen to and how often that name
 * came: the order in which requests of different names arrive changes nothing.
 */
export function createGate(counts: Partial<Record<FaultKind, number>>, first: FaultPlan | undefined): ControlledGate {
  let plan = first
  let queue: Waiting[] = []
  const seen = new Map<string, number>()

  function demanded(kinds: readonly FaultKind[], subject: string): Fault | undefined {
    const found = queue.find(({ kind, matching }) => kinds.includes(kind) && (matching === undefined || subject.includes(matching)))
    if (found === undefined) return undefined
    found.left -= 1
    if (found.left <= 0) queue = queue.filter((each) => each !== found)
    const { kind, delayMs, status, retryAfterS } = found
    return { kind, share: 0.5, ...given({ delayMs, status, retryAfterS }) }
  }
  function planned(kinds: readonly FaultKind[], subject: string): Fault | undefined {
    if (plan === undefined) return undefined
    for (const kind of kinds) {
      const likely = plan.chances[kind] ?? 0
      if (likely <= 0) continue
      const key = `${kind} ${subject}`
      const time = seen.get(key) ?? 0
      seen.set(key, time + 1)
      const name = numberOf(key)
      if (chance(plan.seed, name, time, 0) < likely) return { kind, share: chance(plan.seed, name, time, 1) }
    }
    return undefined
  }

  return {
    draw: (kinds, subject) => demanded(kinds, subject) ?? planned(kinds, subject),
    count(kind) {
      counts[kind] = (counts[kind] ?? 0) + 1
    },
    inject(injection) {
      const parsed = injectionSchema.parse(injection)
      queue.push({ ...parsed, left: parsed.times })
    },
    plan(next) {
      plan = next
      seen.clear()
      if (next === undefined) queue = []
    },
    get waiting() {
      return queue.reduce((sum, { left }) => sum + left, 0)
    },
  }
}

const given = <T extends object>(values: T): { [K in keyof T]?: NonNullable<T[K]> } =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as { [K in keyof T]?: NonNullable<T[K]> }
