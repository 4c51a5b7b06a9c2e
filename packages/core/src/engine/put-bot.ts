import type { BotConfig } from '../contracts/bot-config.ts'
import { ConfigError } from '../model/errors.ts'
import { toFloat } from '../model/money.ts'
import { BotRuntime } from '../pipeline/bot-runtime.ts'
import { MutableView } from '../pipeline/views.ts'
import { Judge } from '../safety/judge.ts'
import type { KernelState } from './kernel-state.ts'
import { recall } from './recall.ts'

/**
 * Makes a bot at a place of the list, with what its strategy remembers. Nothing else knows of it yet.
 *
 * @throws ConfigError when the market has no such instrument; EngineError `STRATEGY_STATE` when the strategy cannot read what it remembers
 */
export function makeBot(state: KernelState, config: BotConfig, index: number): BotRuntime {
  const { settings } = state
  const market = state.instruments.get(config.instrument)
  if (market === undefined)
    throw new ConfigError([
      {
        path: `bots[${index}].instrument`,
        expected: `an instrument of this market (${[...state.instruments.keys()].join(', ')})`,
        received: config.instrument,
      },
    ])
  const view = new MutableView(state.cash, market.market, state.portfolio, config.instrument, settings.environment)
  const minQuote = toFloat(market.instrument.minQuote)
  const rules = [...state.rules.account, ...config.safety]
  const makeJudge = (): Judge => new Judge(rules, { minQuote, onRuleError: (rule, error) => state.pluginFailed('RULE_FAILED', rule.id, error, config.id) })
  const bot = new BotRuntime(index, config, market, view, makeJudge)
  recall(state, bot)
  bot.tripRules = rules.filter((rule) => rule.trips !== undefined && rule.stops === 'bot')
  return bot
}

/** Puts a bot in its place: at the end, or instead of the one that has its id. */
export function putBot(state: KernelState, bot: BotRuntime): void {
  const { bots, botsById } = state
  const { bots: beside } = bot.market
  const before = bots[bot.index]
  bots[bot.index] = bot
  botsById.set(bot.config.id, bot)
  if (before === undefined) beside.push(bot)
  else beside[beside.indexOf(before)] = bot
  if (state.unrealized.length < bots.length) {
    const grown = new Float64Array(bots.length)
    grown.set(state.unrealized)
    state.unrealized = grown
  }
  if (bot.preview !== undefined && Number.isNaN(state.nextGridMs)) state.nextGridMs = 0
}

/** Makes these bots all that there are. */
export function putBots(state: KernelState, configs: readonly BotConfig[]): void {
  state.bots.length = 0
  state.botsById.clear()
  for (const { bots } of state.instruments.values()) bots.length = 0
  state.unrealized = new Float64Array(configs.length)
  state.nextGridMs = Number.NaN
  configs.forEach((config, index) => putBot(state, makeBot(state, config, index)))
}
