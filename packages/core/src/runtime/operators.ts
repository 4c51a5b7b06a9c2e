import { filter, map } from 'rxjs'
import type { MonoTypeOperatorFunction, OperatorFunction } from 'rxjs'
import type { CandleEvent } from '../contracts/events.ts'
import type { Decision } from '../model/decision.ts'
import { takeIndicators } from '../engine/bot-pipeline.ts'
import { materialise } from '../engine/materialise.ts'
import { recordLevel } from '../engine/record-level.ts'
import { submit } from '../engine/submit.ts'
import { confirm as confirmStage } from '../pipeline/stages/confirm.ts'
import { evaluate as evaluateStage } from '../pipeline/stages/evaluate.ts'
import { checkExits } from '../pipeline/stages/exits.ts'
import { guard as guardStage } from '../pipeline/stages/guard.ts'
import { size as sizeStage } from '../pipeline/stages/size.ts'
import type { Account, BotHandle } from './account.ts'

// The engine's own stages as RxJS operators, for pipelines put together by hand. They are a convenience: the engine calls
// the same functions directly, because an operator per stage costs three times the work it carries.

/**
 * Settles each candle with the account, values the bot's position and commits its indicators. Lets the bot's own closed candles pass.
 *
 * @example
 * ```ts no-run
 * const account = createAccount({ exchange: paper({ cash: { USD: '1000' } }), instruments, bots: [btc], startMs })
 * const b = account.bot('btc')
 * candles$
 *   .pipe(computeIndicators(b), evaluate(b), confirm(b), size(b, account), guard(b, account), execute(b, account))
 *   .subscribe((decision) => console.log(decision.outcome))
 * ```
 */
export function computeIndicators(bot: BotHandle): MonoTypeOperatorFunction<CandleEvent> {
  return filter((event: CandleEvent) => {
    if (!bot.account.settle(bot, event)) return false
    takeIndicators(bot.account.kernel.state, bot.runtime, event.candle)
    return true
  })
}

/** Runs the exit rules, then the strategy. In a pipe: {@link computeIndicators}. */
export function evaluate(bot: BotHandle): MonoTypeOperatorFunction<CandleEvent> {
  return each((event) => {
    const { kernel } = bot.account
    checkExits(kernel.state, bot.runtime, event.candle, kernel.state.inside)
    if (bot.runtime.frame.exit === 0) evaluateStage(kernel.state, bot.runtime, false)
  })
}

/** Lets a direction pass once it has held for the bot's confirmation time. In a pipe: {@link computeIndicators}. */
export const confirm = (bot: BotHandle): MonoTypeOperatorFunction<CandleEvent> => each(() => confirmStage(bot.account.kernel.state, bot.runtime))

/** Turns a confirmed direction into an intent. In a pipe: {@link computeIndicators}. */
export const size = (bot: BotHandle, account: Account): MonoTypeOperatorFunction<CandleEvent> => each(() => sizeStage(account.kernel.state, bot.runtime))

/** Lets an intent pass the engine's gates and every safety rule, or says which one it failed. In a pipe: {@link computeIndicators}. */
export function guard(bot: BotHandle, account: Account): MonoTypeOperatorFunction<CandleEvent> {
  return each(() => {
    bot.approved = guardStage(account.kernel.state, bot.runtime)
  })
}

/** Translates what was approved into an order, records the level, and gives out the decision. The order leaves when the event ends. In a pipe: {@link computeIndicators}. */
export function execute(bot: BotHandle, account: Account): OperatorFunction<CandleEvent, Decision> {
  return map(() => {
    const { state } = account.kernel
    if (bot.approved !== undefined) submit(state, bot.runtime, bot.approved)
    recordLevel(state, bot.runtime)
    return materialise(state, bot.runtime)
  })
}

const each = (run: (event: CandleEvent) => void): MonoTypeOperatorFunction<CandleEvent> =>
  map((event: CandleEvent) => {
    run(event)
    return event
  })
