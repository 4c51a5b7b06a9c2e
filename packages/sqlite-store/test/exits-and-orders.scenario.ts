import { breakEven, cooldown, limitOrders, profitLadder, timeStop, tradeSize, trailingStop } from '@millrace/core'
import type { BotConfig, CandleEvent, ExecutionStyle, ExitRule, FillRecord, StoreFactory } from '@millrace/core'
import { sqliteStore } from '@millrace/sqlite-store'
import { describe, expect, test } from 'vitest'
import { candles, dips, levelBot, levelEngine } from '../../core/test/levels.ts'
import { listMarket } from '../../core/test/random-market.ts'
import { checkedJournal } from '../../core/test/checked-journal.ts'
import { temporaryFiles } from './temporary-folder.ts'

const temporaryFile = temporaryFiles()

async function run(events: readonly CandleEvent[], store: StoreFactory, bot: BotConfig): Promise<readonly FillRecord[]> {
  const engine = levelEngine(listMarket(events, ['BTC-USD']), store, [bot])
  await engine.start()
  await engine.finished
  return [...engine.state().lastFills].reverse()
}

const told = (fills: readonly FillRecord[]) => fills.map(({ side, price, quantity, source }) => ({ side, price, quantity, source }))

describe('a file goes on over a restart', () => {
  const rise = candles([105, 99, 101, 104, 108, 103, 95, 90])
  test.each<[string, ExitRule, number]>([
    ['trailing stop', trailingStop(0.05), 5],
    ['trailing stop that has to be armed', trailingStop(0.05, { activateAt: 0.05 }), 5],
    ['break-even stop', breakEven(0.05), 5],
    ['time stop', timeStop('4m'), 5],
    [
      'profit ladder',
      profitLadder({
        rungs: [
          { at: 0.02, sell: 0.3 },
          { at: 0.08, sell: 0.7 },
        ],
      }),
      4,
    ],
  ])('with its %s: the same sales as without', async (_name, exit, cut) => {
    const bot = () => levelBot({ strategy: dips(), exits: [exit] })
    const whole = await run(rise, sqliteStore(temporaryFile()), bot())
    expect(whole.some(({ side }) => side === 'sell')).toBe(true)
    const store = sqliteStore(temporaryFile())
    await run(rise.slice(0, cut), store, bot())
    expect(told(await run(rise.slice(cut), store, bot()))).toEqual(told(whole))
    checkedJournal(store)
  })

  test('with a limit order filled in part: its rest goes at market, as one tranche', async () => {
    const execution: ExecutionStyle = limitOrders({ offset: '50bps', timeout: '3m', then: 'market' })
    const bot = () => levelBot({ strategy: dips(), execution, safety: [tradeSize(5, 25), cooldown('15m')] })
    // One unit of volume, of which a tenth is ours, in the candle that trades through 98.50.
    const events = candles([105, 99, { close: 99, low: 98.4 }, 99, 99, 99, 99]).map((event, i) => ({
      ...event,
      candle: { ...event.candle, volume: i === 2 ? 1 : 1_000 },
    }))
    const whole = await run(events, sqliteStore(temporaryFile()), bot())
    expect(whole.map(({ price }) => price)).toEqual(['98.5', '99'])
    const store = sqliteStore(temporaryFile())
    await run(events.slice(0, 3), store, bot())
    expect(told(await run(events.slice(3), store, bot()))).toEqual(told(whole))
    const opened = store.open({ environment: 'paper' })
    expect(opened.rows('lots')).toHaveLength(1)
    opened.close()
    checkedJournal(store)
  })
})
