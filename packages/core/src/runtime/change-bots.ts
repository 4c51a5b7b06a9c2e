import { checkFeasibility } from '../config/feasibility/check-feasibility.ts'
import type { BotChangeReport } from '../contracts/bot-change.ts'
import type { BotChangeCommand, CandleRow } from '../contracts/events.ts'
import type { MarketSource } from '../contracts/market-source.ts'
import { planBotChange } from '../engine/change-bot.ts'
import type { BotPlan } from '../engine/change-bot.ts'
import { botsNow } from '../engine/config-in-force.ts'
import { rowsOfColumns } from '../model/candle-columns.ts'
import { ConfigError } from '../model/errors.ts'
import type { ConfigProblem } from '../model/errors.ts'
import type { Json } from '../model/json.ts'
import type { EpochMs } from '../model/time.ts'
import { presets } from '../strategies/weighted-signals/presets.ts'
import type { PresetName } from '../strategies/weighted-signals/presets.ts'
import { moneyAtWork } from './account-side.ts'
import type { EngineShell } from './engine-shell.ts'

/** A live market may close a candle while its past is read: then it is read again. */
const LOOKS = 4

/** What is to become of a bot. */
export type BotWish = Pick<BotChangeCommand, 'kind' | 'botId' | 'settings'>

/**
 * Adds or edits a bot while the engine runs: checked as a start checks it, its past read from the market, then one command between two events. A bot that
 * retires waits for neither: it must be possible while the venue does not answer.
 *
 * @throws ConfigError (rejects) with every problem; nothing is changed then
 */
export async function changeBots(shell: EngineShell, wish: BotWish): Promise<BotChangeReport> {
  const plan = planBotChange(shell.kernel.state, wish)
  if (plan.retires) return { ...done(await shell.ask(() => commanded(shell, { ...wish, history: [] }))), warnings: [] }
  try {
    await shell.feed.hold()
    const warnings = await checked(shell, plan)
    return { ...done(await made(shell, wish)), warnings }
  } finally {
    if (shell.phase === 'running') goOn(shell)
  }
}

/** A market that cannot be opened again leaves bots that nobody tells anything. */
function goOn(shell: EngineShell): void {
  try {
    shell.feed.goOn(shell.kernel.state.bots, shell.nowMs())
  } catch (error) {
    shell.fail(error)
    throw error
  }
}

type Done = Omit<BotChangeReport, 'warnings'>

function done(answer: Done | readonly ConfigProblem[]): Done {
  if (Array.isArray(answer)) throw new ConfigError(answer as readonly ConfigProblem[])
  return answer as Done
}

async function made(shell: EngineShell, wish: BotWish): Promise<Done | readonly ConfigProblem[]> {
  for (let look = 1; ; look++) {
    const { config, preloadCandles } = planBotChange(shell.kernel.state, wish).bot
    const { timeframeMs } = config
    const toMs = lastCloseMs(shell.nowMs(), timeframeMs)
    const history = await readPast(shell.settings.market, { instrument: config.instrument, timeframeMs, preloadCandles }, toMs)
    const answer = await shell.ask(() => {
      if (look < LOOKS && lastCloseMs(shell.nowMs(), timeframeMs) !== toMs) return undefined
      return commanded(shell, { ...wish, history })
    })
    if (answer !== undefined) return answer
  }
}

/** Problems are an answer and no failure: the engine goes on. */
function commanded(shell: EngineShell, command: BotChangeCommand): Done | readonly ConfigProblem[] {
  const { state } = shell.kernel
  let plan: BotPlan
  try {
    plan = planBotChange(state, command)
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
  shell.command(command)
  return { bot: botsNow(state).find(({ id }) => id === command.botId)!, changes: plan.changes, configHash: state.configHash }
}

/** What a start would refuse of the bot, and what it would call unwise. */
async function checked(shell: EngineShell, { bot }: BotPlan): Promise<readonly string[]> {
  const { exchange, staleMs, environment } = shell.settings
  const { bots, durable, instruments, rules, settings: own } = shell.kernel.state
  const all = bots.map(({ config }) => config).toSpliced(bot.index, 1, bot.config)
  const account = { cash: { [own.quoteCurrency]: moneyAtWork(durable.ledger, own.quoteCurrency) }, safety: rules.account }
  const report = checkFeasibility(
    { bots: all, account },
    [...instruments.values()].map(({ instrument }) => instrument),
    await exchange.feeRates(),
    {
      staleMs,
      environment,
    },
  )
  const path = `bots[${bot.index}]`
  const ofBot = (problems: readonly ConfigProblem[]): readonly ConfigProblem[] =>
    problems.filter((problem) => problem.path.startsWith(path)).map((problem) => ({ ...problem, path: problem.path.slice(path.length).replace(/^\./, '') }))
  const problems = ofBot(report.problems)
  if (problems.length > 0) throw new ConfigError(problems)
  return ofBot(report.warnings).map((warning) => `${warning.path}: expected ${warning.expected}, received ${warning.received}`)
}

/** End of the last candle that has closed by a moment. */
export const lastCloseMs = (nowMs: number, timeframeMs: number): EpochMs => (Math.floor(nowMs / timeframeMs) * timeframeMs) as EpochMs

/** The candles of before a moment that a bot starts with. */
export async function readPast(
  market: MarketSource,
  { instrument, timeframeMs, preloadCandles }: { readonly instrument: string; readonly timeframeMs: number; readonly preloadCandles: number },
  toMs: EpochMs,
): Promise<readonly CandleRow[]> {
  return rowsOfColumns(await market.candles({ instrument, timeframeMs, fromMs: (toMs - preloadCandles * timeframeMs) as EpochMs, toMs }))
}

/** What a bot to be added is made of: its own settings, with those that new bots have unless they say otherwise. A preset stands for the settings that it names. */
export function addedSettings(own: Json, defaults: Json | undefined): Json {
  if (typeof own !== 'object' || own === null || Array.isArray(own) || defaults === undefined) return own
  const mine = own as { readonly [key: string]: Json }
  const { strategy, actionThreshold, preset, ...rest } = defaults as { readonly [key: string]: Json }
  if (mine['preset'] !== undefined) return { ...rest, ...mine }
  const named = { ...(strategy && { strategy }), ...(actionThreshold && { actionThreshold }) }
  if (preset === undefined) return { ...rest, ...named, ...mine }
  // Beside a setting of its own the name of the preset would be a wrong label: what it stands for is written out.
  const other = ['strategy', 'actionThreshold'].some((key) => mine[key] !== undefined)
  return { ...rest, ...(other ? presetSettings(preset) : { preset }), ...named, ...mine }
}

function presetSettings(preset: Json): { readonly [key: string]: Json } {
  if (typeof preset !== 'string' || !Object.hasOwn(presets, preset)) return { preset }
  const { actionThreshold, params } = presets[preset as PresetName]
  return { strategy: { use: 'weighted-signals', params: params as unknown as Json }, actionThreshold }
}
