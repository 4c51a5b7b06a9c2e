import { describe, expect, test } from 'vitest'
import { bot, coinbaseInstrument, cooldown, createAccount, marketOrders, memoryStore, money, paper, tradeSize } from '@millrace/core'
import type { ApprovedIntent, JournalEntry } from '@millrace/core'
import { confirm } from '../src/pipeline/stages/confirm.ts'
import { executeAutomaticTrade } from '../src/engine/execute-automatic-trade.ts'
import { CONFIRMING, EXIT, PENDING } from '../src/pipeline/outcome-codes.ts'
import { shouldExecute } from '../src/pipeline/stages/guard.ts'
import { checkCooldown } from '../src/safety/cooldown.ts'
import { Judge } from '../src/safety/judge.ts'
import { entryOf, slotOf, testView } from '../src/safety/view.fixture.ts'
import { candles, levelBot, levelEngine, levels, startMs } from './levels.ts'
import { instrumentsOf, listMarket } from './random-market.ts'

/** Frozen through and through: whoever writes to it throws. */
function frozen<T extends object>(value: T): T {
  for (const part of Object.values(value)) if (typeof part === 'object' && part !== null && !Object.isFrozen(part)) frozen(part as object)
  return Object.freeze(value)
}

describe('[row 100] the three points where a trade is decided are functions with a name', () => {
  test('confirm: should it be done? The same time, side and history give the same answer', () => {
    const answers = [1, 2].map(() => {
      const account = createAccount({
        instruments: instrumentsOf(['BTC-USD']),
        exchange: paper({ cash: { USD: '100' } }),
        bots: [bot({ id: 'b', instrument: 'BTC-USD', strategy: levels(), confirm: '5m' })],
        safety: [],
        startMs,
      })
      const { runtime } = account.bots[0]!
      return [0, 60_000, 299_999, 300_000].map((ms) => {
        runtime.frame.side = 1
        runtime.frame.outcome = PENDING
        // All it sees of the engine is the time and the names of the blockers.
        confirm({ ...frozen({ nowMs: startMs + ms }), blockers: account.kernel.state.blockers } as never, runtime)
        return [runtime.frame.outcome, runtime.frame.margin]
      })
    })
    expect(answers[0]).toEqual(answers[1])
    // A gap of more than two timeframes started it over at 299.999 s.
    expect(answers[0]!.map(([outcome]) => outcome)).toEqual([CONFIRMING, CONFIRMING, CONFIRMING, CONFIRMING])
  })

  test('cooldown: is it too soon? It reads a frozen view and says by how much', () => {
    const rule = cooldown('15m')
    const { nowMs } = testView()
    const at = (ms: number) => slotOf(rule, frozen(testView({ lastFillMs: (nowMs - ms) as typeof nowMs })), frozen(entryOf(10)))
    expect([at(899_999).margin, at(900_000).margin]).toEqual([-1, 0])
    expect(at(899_999)).toEqual(at(899_999))
  })

  test('order: what is sent? The same approved intent, quote and limits make the same order, and nothing is changed on the way', () => {
    const judge = new Judge([tradeSize(5, 25)])
    judge.judge(entryOf(40), testView())
    const approved: ApprovedIntent = frozen({ ...judge.approved! })
    const make = () =>
      marketOrders().order(approved, frozen({ bid: 99, ask: 101, last: 100 }), coinbaseInstrument('BTC-USD')!, {
        nowMs: startMs,
        sellable: money('0'),
        availableQuote: money('1000'),
      })
    expect(make()).toMatchObject({ instrument: 'BTC-USD', side: 'buy', type: 'market', size: { quote: money('25') } })
    expect(make()).toEqual(make())
  })

  test('their names are those of the contract: should execute, check cooldown, execute automatic trade', () => {
    expect([
      shouldExecute({ hasIntent: true, outcome: PENDING }),
      shouldExecute({ hasIntent: true, outcome: EXIT }),
      shouldExecute({ hasIntent: false, outcome: PENDING }),
      shouldExecute({ hasIntent: true, outcome: CONFIRMING }),
    ]).toEqual([true, true, false, false])
    expect([checkCooldown(1_000_000, 100_001, 900_000), checkCooldown(1_000_000, 100_000, 900_000), checkCooldown(0, -Infinity, 900_000)]).toEqual([
      -1,
      0,
      Infinity,
    ])
    const judge = new Judge([])
    judge.judge(entryOf(20), testView())
    const trade = (availableQuote: string, style = marketOrders()) =>
      executeAutomaticTrade(style, judge.approved!, frozen({ bid: 99, ask: 101, last: 100 }), coinbaseInstrument('BTC-USD')!, {
        nowMs: startMs,
        sellable: money('0'),
        availableQuote: money(availableQuote),
      })
    expect(trade('1000')).toMatchObject({ order: { side: 'buy', size: { quote: money('20') } }, reserve: { currency: 'USD', amount: money('20') } })
    expect(trade('19.98')).toEqual({ refused: 'INSUFFICIENT_FUNDS' })
    const broken = { ...marketOrders(), order: () => ({ instrument: 'BTC-USD', side: 'buy', type: 'market', size: { quote: money('20.01') } }) as const }
    expect(trade('1000', broken)).toEqual({ refused: 'PLUGIN_FAILED', fault: 'expected at most the approved 20, received 20.01' })
  })

  test('each of them stands in the journal of the order it let through', async () => {
    const store = memoryStore()
    const engine = levelEngine(listMarket(candles([105, 99, 99, 99, 99]), ['BTC-USD']), store, [
      levelBot({ confirm: '2m', safety: [tradeSize(5, 25), cooldown('15m')] }),
    ])
    await engine.start()
    await engine.finished
    const opened = store.open({ environment: 'paper' })
    const trail = opened.read({ types: ['decision', 'intent', 'sent'], limit: 100 })
    opened.close()
    expect(trail.map(({ type }) => type)).toEqual(['decision', 'intent', 'sent'])
    const [decision, intent] = trail as [JournalEntry, JournalEntry]
    expect(decision.data).toMatchObject({
      confirmation: { count: 3, required: 3, sinceMs: startMs + 120_000 },
      verdicts: [
        { ruleId: 'trade-size', kind: 'allow' },
        { ruleId: 'cooldown', kind: 'allow', margin: 'Infinity' },
      ],
    })
    expect(intent.data).toMatchObject({ side: 'buy', kind: 'open', origin: 'strategy', quoteSize: '20', orderType: 'market' })
  })
})
