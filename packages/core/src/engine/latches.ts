import type { TradingState } from '../model/environment.ts'
import type { Json } from '../model/json.ts'
import type { QuietBreakerId } from '../safety/circuit-breakers.ts'
import { TimeRing } from '../model/time-ring.ts'
import type { EntryData } from './journal/entry-data.ts'

type Latch = EntryData['latch']

/** A breaker that stops entries, or everything, until it is reset. */
export interface TrippedBreaker {
  readonly id: string
  /** Blocker code. */
  readonly code: string
  readonly action: 'reducing' | 'halted'
  readonly sinceMs: number
  readonly detail: string
}

/** What counts as an incident, by the code of its alert, and for which breaker. */
const incidentOf: Readonly<Record<string, QuietBreakerId | undefined>> = {
  ORDER_REJECTED: 'errorRate',
  ORDER_UNKNOWN: 'errorRate',
  PLUGIN_FAILED: 'errorRate',
  RULE_FAILED: 'errorRate',
  EXIT_RULE_FAILED: 'errorRate',
  LINK_ERROR: 'errorRate',
  RATE_LIMITED: 'rateLimit',
  LINK_GAP: 'dataGap',
  LINK_DOWN: 'dataGap',
  FEED_SILENT: 'dataGap',
}

/** Every reason for not trading freely, each kept apart so that ending one does not end another; a part of the fold over the journal. */
export class Latches {
  haltedBy: 'emergencyStop' | 'invariant' | undefined
  paused = false
  /** End of the UTC day on which the daily loss limit was reached; undefined when it was not. */
  lossUntilMs: number | undefined
  /** In the order in which they tripped. */
  readonly breakers = new Map<string, TrippedBreaker>()
  /** When each breaker was last reset: what happened until then counts no more. */
  private readonly resets = new Map<string, number>()
  private readonly incidents = { errorRate: new TimeRing(), rateLimit: new TimeRing(), dataGap: new TimeRing() }

  get halted(): boolean {
    if (this.haltedBy !== undefined) return true
    for (const { action } of this.breakers.values()) if (action === 'halted') return true
    return false
  }

  get state(): TradingState {
    if (this.halted) return 'halted'
    return this.paused || this.lossUntilMs !== undefined || this.breakers.size > 0 ? 'reducing' : 'active'
  }

  /** The state that a latch would lead to: what its entry says, before it is written. */
  stateAfter(latch: Omit<Latch, 'state'>, atMs: number): TradingState {
    const after = new Latches()
    after.restore(this.snapshot())
    after.apply({ ...latch, state: 'active' }, atMs)
    return after.state
  }

  apply(latch: Latch, atMs: number): void {
    switch (latch.reason) {
      case 'emergencyStop':
      case 'invariant':
        this.haltedBy = latch.reason
        break
      case 'rearm':
        this.haltedBy = undefined
        for (const { id, action } of [...this.breakers.values()]) if (action === 'halted') this.reset(id, atMs)
        break
      case 'pause':
        this.paused = true
        break
      case 'resume':
        this.paused = false
        break
      case 'dailyLoss':
        this.lossUntilMs = latch.untilMs ?? undefined
        break
      case 'dayRolled':
        this.lossUntilMs = undefined
        break
      case 'breakerTripped':
        if (latch.breaker !== undefined) this.breakers.set(latch.breaker.id, { ...latch.breaker, sinceMs: atMs })
        break
      case 'breakerReset':
        if (latch.breaker !== undefined) this.reset(latch.breaker.id, atMs)
        break
      // Of one bot: its own state holds it.
      case 'botLoss':
        break
      default:
        latch.reason satisfies never
    }
  }

  /** Counts an alert that is an incident. */
  note(alertCode: string, atMs: number): void {
    const id = incidentOf[alertCode]
    if (id !== undefined) this.incidents[id].push(atMs)
  }

  /** Incidents of a breaker that still count: after a moment, and after its last reset. */
  incidentsAfter(id: QuietBreakerId, ms: number): number {
    return this.incidents[id].countAfter(Math.max(ms, this.resetAtMs(id)))
  }

  lastIncidentMs(id: QuietBreakerId): number {
    return this.incidents[id].nthNewest(1)
  }

  /** -Infinity when it never was. */
  resetAtMs(id: string): number {
    return this.resets.get(id) ?? Number.NEGATIVE_INFINITY
  }

  snapshot(): Json {
    return {
      haltedBy: this.haltedBy ?? null,
      paused: this.paused,
      lossUntilMs: this.lossUntilMs ?? null,
      breakers: [...this.breakers.values()].map((breaker) => ({ ...breaker })),
      resets: [...this.resets],
      incidents: Object.values(this.incidents).map((ring) => ring.snapshot()),
    }
  }

  restore(state: Json): void {
    const from = state as { readonly [key: string]: Json }
    this.haltedBy = (from['haltedBy'] ?? undefined) as Latches['haltedBy']
    this.paused = from['paused'] as boolean
    this.lossUntilMs = (from['lossUntilMs'] ?? undefined) as number | undefined
    this.breakers.clear()
    for (const breaker of from['breakers'] as unknown as readonly TrippedBreaker[]) this.breakers.set(breaker.id, { ...breaker })
    this.resets.clear()
    for (const [id, ms] of from['resets'] as unknown as readonly (readonly [string, number])[]) this.resets.set(id, ms)
    Object.values(this.incidents).forEach((ring, i) => ring.restore((from['incidents'] as readonly Json[])[i]!))
  }

  private reset(id: string, atMs: number): void {
    this.breakers.delete(id)
    this.resets.set(id, atMs)
  }
}
