import type { Analytics } from '../contracts/analytics.ts'
import type { BotChart, ChartQuery } from '../contracts/bot-chart.ts'
import type { BotsInForce } from '../contracts/bot-change.ts'
import type { Store } from '../contracts/store.ts'
import { analyticsOf } from '../engine/analytics.ts'
import { botsNow } from '../engine/config-in-force.ts'
import type { Decision } from '../model/decision.ts'
import { EngineError } from '../model/errors.ts'
import type { EpochMs } from '../model/time.ts'
import { botChart } from './bot-chart.ts'
import type { EngineShell } from './engine-shell.ts'
import { explainPast } from './explain/explain-past.ts'

/** Some questions are answered after the end as well, but none before there is anything to tell. */
export const isStarted = ({ phase }: Pick<EngineShell, 'phase'>): boolean => phase !== 'new' && phase !== 'starting'

export function assertStarted(shell: EngineShell, what: string): void {
  if (!isStarted(shell)) throw new EngineError('NOT_RUNNING', `the engine has no ${what} before start() has resolved`)
}

export function botsInForce(shell: EngineShell): BotsInForce {
  assertStarted(shell, 'bots')
  const { state } = shell.kernel
  return { hash: state.configHash, configuredHash: state.settings.configHash, bots: botsNow(state) }
}

export function analytics(shell: EngineShell): Analytics {
  assertStarted(shell, 'analytics')
  return analyticsOf(shell.kernel, shell.past?.read())
}

export async function chart(shell: EngineShell, botId: string, query: ChartQuery): Promise<BotChart> {
  shell.assertRunning()
  return botChart(shell.settings.market, shell.kernel.bot(botId), query, shell.kernel.state.nowMs)
}

/** The store of a run that keeps one. */
export function kept(shell: EngineShell): Store {
  shell.assertRunning()
  if (shell.store === undefined) throw new EngineError('NO_STORE', 'this backtest keeps no journal: give it a store')
  return shell.store
}

export function explainNow(shell: EngineShell, botId: string): Decision {
  shell.assertRunning()
  return shell.kernel.explain(botId)
}

export async function explainAt(shell: EngineShell, botId: string, atMs: EpochMs): Promise<Decision> {
  shell.assertRunning()
  const { settings, store, checkpoints, kernel } = shell
  const bot = kernel.bot(botId).config
  // What a backtest still holds back is part of what the second run is held against.
  shell.journal.flush()
  return explainPast({ settings, store, checkpoints, bot, nowMs: kernel.state.nowMs }, atMs)
}
