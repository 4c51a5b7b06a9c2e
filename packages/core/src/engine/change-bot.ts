import { editBot, noPlugins, readBot } from '../config/bot-settings.ts'
import { botJson } from '../config/config-json.ts'
import type { BotConfig } from '../contracts/bot-config.ts'
import type { BotChangeCommand } from '../contracts/events.ts'
import { columnsOfRows } from '../model/candle-columns.ts'
import { differences } from '../model/differences.ts'
import type { Difference } from '../model/differences.ts'
import { ConfigError, EngineError } from '../model/errors.ts'
import { currenciesOf } from '../model/instrument.ts'
import { durationText } from '../model/time-text.ts'
import type { BotRuntime } from '../pipeline/bot-runtime.ts'
import { botHash, configuredFor } from './bot-changes.ts'
import { configHashInForce } from './config-in-force.ts'
import { startGrid } from './grid.ts'
import type { KernelState } from './kernel-state.ts'
import { putRulesOf, rulesWithPatch } from './limits-in-force.ts'
import { looserProblems } from './looser-limits.ts'
import { checkTrips, markBot } from './marking.ts'
import { refreshAccount, refreshPosition } from './portfolio.ts'
import { makeBot, putBot } from './put-bot.ts'
import { takeKept } from './recover.ts'
import { warmUp } from './warm-up.ts'

/** Bots that a configuration may have. */
const MOST_BOTS = 1_000

/** A change that can be made. */
export interface BotPlan {
  /** The bot as it will be, in no list yet; of one that only retires the bot itself. */
  readonly bot: BotRuntime
  readonly config: BotConfig
  readonly changes: readonly Difference[]
  /** Nothing changes but that it makes no entries any more: nothing is made anew, and nothing has to be asked of the market first. */
  readonly retires: boolean
}

/**
 * Returns what a change would make of a bot; nothing is changed by asking.
 *
 * @throws ConfigError with every problem: path, expected, received
 */
export function planBotChange(state: KernelState, command: Pick<BotChangeCommand, 'kind' | 'botId' | 'settings'>): BotPlan {
  const plugins = state.settings.plugins ?? noPlugins
  const before = state.botsById.get(command.botId)
  const config = command.kind === 'addBot' ? readBot(command.settings, plugins) : editBot(known(before, command.botId), command.settings, plugins)
  const problems = command.kind === 'addBot' ? additionProblems(state, config) : looserLimits(state, before!, config)
  if (problems.length > 0) throw new ConfigError(problems)
  const changes = differences(before === undefined ? null : botJson(before.config), botJson(config))
  if (before !== undefined && config.retire === true && changes.every(({ path }) => path === 'retire')) return { bot: before, config, changes, retires: true }
  return { bot: madeOf(state, config, before?.index ?? state.bots.length), config, changes, retires: false }
}

/** What a strategy remembers must fit the strategy that is to go on with it, and what a plugin throws while it is made is a refusal: the run goes on without it. */
function madeOf(state: KernelState, config: BotConfig, index: number): BotRuntime {
  try {
    return makeBot(state, config, index)
  } catch (error) {
    if (error instanceof ConfigError) throw error
    const why = error instanceof Error ? error.message : String(error)
    const expected =
      error instanceof EngineError
        ? `a strategy that can read what the bot remembers (${why})`
        : `a strategy, a sizer and a tranche plan that can be made (${why})`
    throw new ConfigError([{ path: 'strategy', expected, received: config.strategy.id }])
  }
}

function known(bot: BotRuntime | undefined, id: string): BotConfig {
  if (bot === undefined) throw new ConfigError([{ path: 'id', expected: 'a bot of this run', received: id }])
  return bot.config
}

function additionProblems(state: KernelState, { id, instrument, adopt }: BotConfig) {
  const { botsById, instruments, settings, bots, durable } = state
  const { quote } = currenciesOf(instrument)
  const { instrument: traded = instrument } = durable.ledger.position(id)
  const adopter = bots.find(({ config }) => config.adopt === id)
  return [
    ...(botsById.has(id) ? [{ path: 'id', expected: 'an id that no other bot has', received: id }] : []),
    // What a bot of that id left behind, and fills that its orders may still have, are of that instrument.
    ...(traded === instrument ? [] : [{ path: 'id', expected: `an id that has not traded another instrument (this one has traded ${traded})`, received: id }]),
    ...(adopter === undefined ? [] : [{ path: 'id', expected: `an id that no bot adopts (${adopter.config.id} does)`, received: id }]),
    ...(botsById.size >= MOST_BOTS ? [{ path: 'id', expected: `at most ${MOST_BOTS} bots`, received: String(botsById.size + 1) }] : []),
    ...(instruments.has(instrument)
      ? []
      : [{ path: 'instrument', expected: `an instrument of this market (${[...instruments.keys()].join(', ')})`, received: instrument }]),
    ...(quote === settings.quoteCurrency
      ? []
      : [{ path: 'instrument', expected: `an instrument against ${settings.quoteCurrency}, as those of the other bots`, received: instrument }]),
    ...(adopt === undefined ? [] : [{ path: 'adopt', expected: 'no adopt: a bot takes over another at a start', received: adopt }]),
  ]
}

/** Limits loosen only at a restart, whichever way they are changed. */
function looserLimits(state: KernelState, before: BotRuntime, config: BotConfig) {
  const inForce = state.rules.bots[before.index]!.rules
  return looserProblems(inForce, rulesWithPatch(state, config), 'safety')
}

/** Adds or edits a bot as a person asked: written down first, then done, with what it reads warmed up; or refused with an alert that names each problem. */
export function changeBot(state: KernelState, command: BotChangeCommand): void {
  let plan: BotPlan
  try {
    plan = planBotChange(state, command)
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    return state.alert('BOT_REFUSED', 'warning', error.problems.map((p) => `${p.path}: expected ${p.expected}, received ${p.received}`).join('; '))
  }
  const { kind, botId, settings, history } = command
  const { bot, config, changes, retires } = plan
  const configured = state.settings.bots.find(({ id }) => id === botId)
  const before = state.bots[bot.index]
  const wasRetired = before?.config.retire === true
  const base = configured === undefined ? '' : botHash(configured)
  const was = configured === undefined ? {} : { was: configuredFor(configured, Object.keys(settings as object)) }
  state.record('command', botId, { kind, payload: { kind, botId, settings, base, ...was, after: botHash(config) } as never })
  state.hash.text(botId)
  state.hash.text(botHash(config))
  if (retires) retire(state, bot, config)
  else install(state, bot, before, history)
  if (before === undefined) state.alert('BOT_ADDED', 'info', addedText(config), botId)
  else state.alert(config.retire === true && !wasRetired ? 'BOT_RETIRED' : 'BOT_EDITED', 'info', changesText(changes), botId)
  checkTrips(state)
}

/** The same bot goes on with what it has seen; like every edit it waits for its confirmation anew. */
function retire(state: KernelState, bot: BotRuntime, config: BotConfig): void {
  bot.config = config
  bot.confirmation.clear()
  bot.level = -1
  state.configHash = configHashInForce(state)
}

function install(state: KernelState, bot: BotRuntime, before: BotRuntime | undefined, history: BotChangeCommand['history']): void {
  const quietGrid = Number.isNaN(state.nextGridMs)
  putBot(state, bot)
  putRulesOf(state)
  state.configHash = configHashInForce(state)
  takeKept(state, bot)
  refreshPosition(state, bot)
  if (before !== undefined) carryOver(before, bot)
  bot.view.nowMs = state.nowMs
  warmUp(state, bot, columnsOfRows(history))
  // What the price did since the entry was seen by the bot itself, not by the candles of its past.
  if (before !== undefined) Object.assign(bot.view.position, before.view.position)
  refreshAccount(state)
  if (bot.view.position.open && bot.market.market.price > 0) markBot(state, bot)
  if (quietGrid) startGrid(state)
}

/** What belongs to the bot and its position, whatever decides for it. Its confirmation does not: another bot begins to wait anew. */
function carryOver(from: BotRuntime, to: BotRuntime): void {
  Object.assign(to.trip, from.trip)
  to.entryFillMs = from.entryFillMs
  to.entryRested = from.entryRested
  to.extremesKeptMs = from.extremesKeptMs
  to.heldExit = from.heldExit
  to.heldSource = from.heldSource
  to.cancelAsked = from.cancelAsked
  to.decisionSeq = from.decisionSeq
  to.dayBaseline = from.dayBaseline
  to.lossUntilMs = from.lossUntilMs
  Object.assign(to.view.today, from.view.today)
}

const addedText = ({ instrument, timeframeMs, strategy }: BotConfig): string =>
  `added while running: ${strategy.id} on ${instrument}, candles of ${durationText(timeframeMs)}`

const changesText = (changes: readonly Difference[]): string =>
  changes.length === 0
    ? 'edited, with nothing changed'
    : changes.map(({ path, before, after }) => `${path}: ${JSON.stringify(before)} became ${JSON.stringify(after)}`).join('; ')
