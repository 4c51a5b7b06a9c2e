import type { Analytics, BotChart, BotState, EngineState, EpochMs, PnlRecord, TradePlan, TradeWish } from '@millrace/core'

// What the fake engine knows of the past: made by hand, and consistent with its state.

const noPnl: PnlRecord = { realizedPnl: '0', fees: '0', turnover: '0', fills: 0 }
const hourMs = 3_600_000

/** A day with two valuations an hour apart, one closed position, and no advice. */
export function handMadeAnalytics(state: EngineState): Analytics {
  const { nowMs, equity, quoteCurrency } = state
  const point = (hoursAgo: number, value: string, gain: string) => ({
    atMs: (nowMs - hoursAgo * hourMs) as EpochMs,
    equity: value,
    paidIn: '1266',
    gain,
    growth: Number(value) / 1266,
  })
  return {
    asOfMs: nowMs,
    quoteCurrency,
    equity,
    paidIn: '1266',
    gain: '5.22',
    returnPercent: 0.412,
    peak: 1272,
    maxDrawdown: 4.11,
    curve: [point(30, '1266', '0'), point(24, '1268.5', '2.5'), point(12, '1267.1', '1.1'), point(1, '1269', '3'), point(0, '1271.22', '5.22')],
    foreign: [],
    successRate: { submitted: 3, filled: 2, rate: 2 / 3 },
    byBot: state.bots.map(({ id, unrealizedPnl, realizedPnl, fees }) => ({ ...noPnl, botId: id, unrealizedPnl, realizedPnl, fees })),
    byDay: [{ ...noPnl, day: '2026-01-05', realizedPnl: '0.33412', fees: '0.1841', fills: 2, unrealizedPnl: '0.3059', endEquity: equity }],
    byStrategy: [],
    statistics: { count: 1, wins: 1, losses: 0, winRate: 1, best: { id: 'toshi/1', pnl: '0.33412' }, worst: { id: 'toshi/1', pnl: '0.33412' } },
    roundTrips: [
      {
        id: 'toshi/1',
        botId: 'toshi',
        instrument: 'TOSHI-USD',
        strategy: 'weighted-signals',
        closedBy: 'takeProfit',
        openedAtMs: (nowMs - 2 * hourMs) as EpochMs,
        closedAtMs: (nowMs - 45_000) as EpochMs,
        holdingMs: 2 * hourMs - 45_000,
        entries: [],
        exits: 1,
        quantity: '14285',
        averageEntry: '0.0007001',
        averageExit: '0.0007391',
        entryValue: '10.00',
        exitValue: '10.56',
        fees: '0.1850',
        grossPnl: '0.52',
        pnl: '0.33412',
        returnPercent: 3.31,
        low: 0.0006999,
        high: 0.0007401,
        entryEfficiency: 99.5,
        exitEfficiency: 97.5,
        totalEfficiency: 98.5,
        adverseExcursionPercent: 0.1,
        favourableExcursionPercent: 5.7,
        drawdownPercent: 1.2,
        score: 88,
        grade: 'A+',
      },
    ],
    executions: [],
    advice: [],
  }
}

/** What would come of a trade: yes, for a bot that is ready. */
export const handMadePlan = (bot: BotState, wish: TradeWish, atMs: EpochMs): TradePlan => ({
  botId: bot.id,
  instrument: bot.instrument,
  side: wish.side,
  kind: wish.side === 'buy' ? 'open' : 'close',
  atMs,
  allowed: bot.readiness.canTrade,
  sizedBy: 'sizer',
  wantedQuote: 12.5,
  blockers: bot.readiness.canTrade ? [] : bot.readiness.blockers,
  verdicts: [{ ruleId: 'max-tranches', kind: 'allow', margin: 2 - bot.position.tranches.length }],
  order: bot.readiness.canTrade ? { type: 'market', quoteSize: '12.5', baseSize: undefined, limitPrice: undefined } : undefined,
  price: bot.price,
})

/** An hour of candles around the bot's price, with an average over them and an index in a pane of its own. */
export function handMadeChart(bot: BotState, nowMs: EpochMs): BotChart {
  const price = bot.price ?? 1
  const candles = Array.from({ length: 60 }, (_, n) => {
    const at = (k: number): number => price * (1 + Math.sin(k / 9) / 200)
    const [open, close] = [at(n), at(n + 1)]
    return {
      openTimeMs: (Math.floor(nowMs / 60_000) * 60_000 - (60 - n) * 60_000) as EpochMs,
      open,
      close,
      high: Math.max(open, close) * 1.001,
      low: Math.min(open, close) * 0.999,
      volume: 10,
    }
  })
  return {
    botId: bot.id,
    instrument: bot.instrument,
    timeframeMs: 60_000,
    priceDecimals: bot.priceDecimals,
    candles,
    series: [
      { name: 'slow', indicator: 'sma', values: candles.map(({ close }, n) => (n < 12 ? undefined : close)) },
      { name: 'rsi', indicator: 'rsi', values: candles.map((_, n) => (n < 14 ? undefined : 50 + 20 * Math.sin(n / 5))) },
      { name: 'macd.signal', indicator: 'macd', values: candles.map((_, n) => (n < 26 ? undefined : Math.sin(n / 4))) },
      { name: 'macd.histogram', indicator: 'macd', values: candles.map((_, n) => (n < 26 ? undefined : Math.cos(n / 4))) },
    ],
  }
}
