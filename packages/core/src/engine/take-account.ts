import type { AccountEvent, Reconciliation } from '../contracts/events.ts'
import type { Instrument } from '../model/instrument.ts'
import { decimalText, greater, isNegative, negate } from '../model/money.ts'
import type { KernelState } from './kernel-state.ts'
import { pay } from './pay.ts'
import { recordOlderCopy } from './tail-loss.ts'
import { takeLostOrder } from './take-lost-order.ts'
import { recordLatch } from './trading-state.ts'

/** Takes what the venue's side of a live account tells. */
export function takeAccount(state: KernelState, event: AccountEvent): void {
  switch (event.kind) {
    case 'gateShut':
      if (event.ending === true) state.ending = true
      if (!state.gateOpen) return
      state.gateOpen = false
      if (event.ending !== true) state.alert('RECONCILING', 'warning', event.reason)
      break
    case 'reconciled':
      takeReconciliation(state, event.result)
      break
    case 'olderCopy':
      recordOlderCopy(state, event)
      break
    case 'lostOrder':
      takeLostOrder(state, event)
      break
    case 'alarm':
      state.alert(event.code, 'critical', event.detail, event.botId)
      break
    case 'instruments':
      takeInstruments(state, event.instruments)
      break
    default:
      event satisfies never
  }
}

/** What came or went is booked, what is missing halts; who holds what is never overwritten. */
function takeReconciliation(state: KernelState, { trigger, differences, corrections, mismatch, fillsCursor, opens = true }: Reconciliation): void {
  for (const { currency, amount } of corrections) {
    const gone = isNegative(amount)
    // An order has promised it in the meantime: the next comparison looks again.
    if (gone && greater(negate(amount), state.durable.ledger.free(currency))) continue
    const text = `${decimalText(gone ? negate(amount) : amount)} ${currency} ${gone ? 'went' : 'came'} at the venue without an order of ours`
    pay(state, { kind: gone ? 'withdrawal' : 'deposit', currency, amount: gone ? negate(amount) : amount, reason: `${trigger}: ${text}` })
    state.alert('EXTERNAL_BALANCE', 'warning', text)
  }
  state.record('reconciled', undefined, { trigger, differences: [...differences], ...(fillsCursor === undefined ? {} : { fillsCursor }) })
  if (mismatch !== undefined && !state.durable.halted) {
    recordLatch(state, { reason: 'invariant', untilMs: null })
    state.alert('LEDGER_MISMATCH', 'critical', mismatch)
  }
  if (opens && !state.ending) state.gateOpen = true
}

function takeInstruments(state: KernelState, instruments: readonly Instrument[]): void {
  const listed = new Map(instruments.map((instrument) => [instrument.id, instrument]))
  for (const market of state.instruments.values()) {
    const { instrument: known, bots } = market
    if (bots.length === 0) continue
    const now = listed.get(known.id) ?? { ...known, state: 'delisted' as const }
    if (now.state !== known.state)
      state.alert('INSTRUMENT_STATE', now.state === 'online' ? 'info' : 'warning', `${known.id} is ${now.state} at the venue, it was ${known.state}`)
    market.take(now)
  }
}
