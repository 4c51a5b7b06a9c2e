import { durationText } from '../model/time-text.ts'
import type { EpochMs } from '../model/time.ts'
import { circuitBreakers, isQuietBreaker, quietBreakers } from '../safety/circuit-breakers.ts'
import type { BreakerId } from '../safety/circuit-breakers.ts'
import type { EntryData } from './journal/entry-data.ts'
import type { KernelState } from './kernel-state.ts'
import { recordLatch } from './trading-state.ts'

type Latch = EntryData['latch']

/** After a step that raised an alert or wrote an order: trips what has had enough incidents. */
export function checkBreakers(state: KernelState): void {
  if (!state.breakersDue) return
  state.breakersDue = false
  const { durable, nowMs, settings } = state
  for (const id of quietBreakers) {
    const { limit, window } = settings.breakers[id]
    const count = durable.latches.incidentsAfter(id, nowMs - window)
    if (count >= limit) tripBreaker(state, id, `${count} ${circuitBreakers[id].text} within ${durationText(window)}`)
  }
  const { limit, window } = settings.breakers.orderStorm
  const orders = durable.orderTimes.countAfter(Math.max(nowMs - window, durable.latches.resetAtMs('orderStorm')))
  if (orders >= limit) tripBreaker(state, 'orderStorm', `${orders} orders within ${durationText(window)}`)
  if (durable.latches.breakers.size > 0) scheduleReset(state)
}

/** Trips one of the engine's own breakers, visibly; nothing when it is tripped already. */
export function tripBreaker(state: KernelState, id: BreakerId, detail: string): void {
  const { code, action } = circuitBreakers[id]
  trip(state, { id, code, action, detail })
}

/** Trips on behalf of a rule that stops the account until a person resets it. */
export function tripRule(state: KernelState, id: string, code: string, detail: string): void {
  trip(state, { id, code, action: 'reducing', detail })
}

function trip(state: KernelState, breaker: NonNullable<Latch['breaker']>): void {
  if (state.durable.latches.breakers.has(breaker.id)) return
  const untilMs = isQuietBreaker(breaker.id) ? state.nowMs + state.settings.breakers[breaker.id].quiet : undefined
  recordLatch(state, { reason: 'breakerTripped', untilMs: untilMs ?? null, breaker })
  const ends = untilMs !== undefined ? 'resets after a quiet time' : breaker.action === 'halted' ? 'only rearm resets it' : 'a person resets it'
  state.alert(breaker.code, 'critical', `${breaker.detail}: ${breaker.action === 'halted' ? 'trading is halted' : 'no entries'}; ${ends}`)
  scheduleReset(state)
}

/** Asks to be woken when the next breaker may reset. */
export function scheduleReset(state: KernelState): void {
  let next = Number.POSITIVE_INFINITY
  for (const id of state.durable.latches.breakers.keys()) {
    const untilMs = state.breakerUntilMs(id)
    if (untilMs < next) next = untilMs
  }
  if (next === state.nextBreakerMs) return
  state.nextBreakerMs = next
  if (next < Number.POSITIVE_INFINITY) state.sink.effect({ type: 'wakeAt', atMs: next as EpochMs })
}

/** Resets every breaker whose quiet time is over. */
export function resetQuietBreakers(state: KernelState): void {
  for (const id of [...state.durable.latches.breakers.keys()]) {
    if (!(state.breakerUntilMs(id) <= state.nowMs)) continue
    // A feed that is still silent has not been without trouble for a while.
    if (id === 'dataGap' && feedIsSilent(state)) state.feedSilentMs = state.nowMs
    else resetBreaker(state, id, 'the quiet time is over')
  }
  scheduleReset(state)
}

/** Resets one tripped breaker and says so. */
export function resetBreaker(state: KernelState, id: string, why: string): void {
  const breaker = state.durable.latches.breakers.get(id)
  if (breaker === undefined) return
  const { code, action, detail } = breaker
  recordLatch(state, { reason: 'breakerReset', untilMs: null, breaker: { id, code, action, detail } })
  state.alert('BREAKER_RESET', 'info', `${id}: ${why}`)
  scheduleReset(state)
}

/** True when no instrument that a bot trades has fresh data, although all had some. */
export function feedIsSilent(state: KernelState): boolean {
  let traded = 0
  for (const { bots, stale } of state.instruments.values()) {
    if (bots.length === 0) continue
    if (!stale) return false
    traded++
  }
  return traded > 0
}
