import type { BotState, TemperatureName } from '@millrace/core'

/** What of the bots is shown and how: every part of it stands in the address. */
export interface View {
  readonly search: string
  /** Empty: all. */
  readonly temperatures: readonly TemperatureName[]
  readonly status: '' | 'running' | 'paused' | 'ready' | 'blocked' | 'holding' | 'flat'
  /** Least |score|, 0 to 1. */
  readonly strength: number
  readonly pnl: '' | 'gain' | 'loss'
  readonly sort: 'configured' | 'name' | 'strength' | 'pnl' | 'ready'
  readonly group: '' | 'action' | 'temperature'
  readonly density: 'compact' | 'normal' | 'full'
  /** The bot whose details are open. */
  readonly bot: string
}

export const statuses = ['', 'running', 'paused', 'ready', 'blocked', 'holding', 'flat'] as const
export const pnls = ['', 'gain', 'loss'] as const
export const sorts = ['configured', 'name', 'strength', 'pnl', 'ready'] as const
export const groups = ['', 'action', 'temperature'] as const
export const densities = ['compact', 'normal', 'full'] as const
export const strengths = [0, 0.05, 0.15, 0.3] as const
export const temperatures = ['hot', 'warm', 'cool', 'frozen'] as const

const pick = <T extends string>(text: string | null, of: readonly T[], otherwise: T): T => of.find((one) => one === text) ?? otherwise

/** Reads a view from an address; what means nothing there is as if it were not there. */
export function viewOf(query: string): View {
  const params = new URLSearchParams(query)
  const named = (params.get('temperature') ?? '').split(',')
  return {
    search: params.get('q') ?? '',
    temperatures: temperatures.filter((one) => named.includes(one)),
    status: pick(params.get('status'), statuses, ''),
    strength: strengths.find((one) => String(one) === params.get('strength')) ?? 0,
    pnl: pick(params.get('pnl'), pnls, ''),
    sort: pick(params.get('sort'), sorts, 'configured'),
    group: pick(params.get('group'), groups, ''),
    density: pick(params.get('density'), densities, 'normal'),
    bot: params.get('bot') ?? '',
  }
}

/** The address of a view, without what is as usual. */
export function queryOf(view: View): string {
  const usual = viewOf('')
  const params = new URLSearchParams()
  const put = (name: string, key: keyof View): void => {
    if (String(view[key]) !== String(usual[key])) params.set(name, String(view[key]))
  }
  put('q', 'search')
  put('temperature', 'temperatures')
  for (const key of ['status', 'strength', 'pnl', 'sort', 'group', 'density', 'bot'] as const) put(key, key)
  const text = params.toString()
  return text === '' ? '' : `?${text}`
}

/** True when something is filtered out that could be there. */
export const isFiltered = ({ search, temperatures: only, status, strength, pnl }: View): boolean =>
  search !== '' || only.length > 0 || status !== '' || strength > 0 || pnl !== ''

const hasStatus: Readonly<Record<Exclude<View['status'], ''>, (bot: BotState) => boolean>> = {
  running: ({ paused }) => !paused,
  paused: ({ paused }) => paused,
  ready: ({ readiness }) => readiness.canTrade,
  blocked: ({ readiness }) => !readiness.canTrade,
  holding: ({ position }) => position.status !== 'closed',
  flat: ({ position }) => position.status === 'closed',
}

const signOf = (amount: string): number => (/[1-9]/.test(amount) ? (amount.startsWith('-') ? -1 : 1) : 0)

/** True for the bots that a view shows: every filter must agree. */
export function shows(view: View, bot: BotState): boolean {
  const text = `${bot.id} ${bot.instrument}`.toLowerCase()
  return (
    view.search
      .toLowerCase()
      .split(/\s+/)
      .every((word) => text.includes(word)) &&
    (view.temperatures.length === 0 || view.temperatures.includes(bot.temperature)) &&
    (view.status === '' || hasStatus[view.status](bot)) &&
    Math.abs(bot.score ?? 0) >= view.strength &&
    (view.pnl === '' || signOf(bot.position.status === 'closed' ? bot.realizedPnl : bot.unrealizedPnl) === (view.pnl === 'gain' ? 1 : -1))
  )
}

const strengthOf = (bot: BotState): number => Math.abs(bot.score ?? 0)
const pnlOf = (bot: BotState): number => Number(bot.position.status === 'closed' ? bot.realizedPnl : bot.unrealizedPnl)

const orders: Readonly<Record<View['sort'], (a: BotState, b: BotState) => number>> = {
  configured: () => 0,
  name: (a, b) => (a.instrument < b.instrument ? -1 : a.instrument > b.instrument ? 1 : 0),
  strength: (a, b) => strengthOf(b) - strengthOf(a),
  pnl: (a, b) => pnlOf(b) - pnlOf(a),
  ready: (a, b) => Number(b.readiness.canTrade) - Number(a.readiness.canTrade) || strengthOf(b) - strengthOf(a),
}

/** Bots under one heading. */
export interface BotGroup {
  readonly title: string
  readonly bots: readonly BotState[]
}

const titles = {
  action: { buy: 'Wants to buy', sell: 'Wants to sell', hold: 'Holds still' },
  temperature: { hot: 'Hot', warm: 'Warm', cool: 'Cool', frozen: 'Frozen' },
} as const

/** The bots that a view shows, in its order, under its headings. Bots that are alike keep the order of the configuration, so nothing jumps about. */
export function arranged(view: View, bots: readonly BotState[]): readonly BotGroup[] {
  const shown = bots.filter((bot) => shows(view, bot)).sort(orders[view.sort])
  if (view.group === '') return [{ title: '', bots: shown }]
  const { group } = view
  const names = Object.entries(titles[group]) as readonly (readonly [string, string])[]
  // Under its action a bot stands by its strength, unless another order was asked for.
  const within = group === 'action' && view.sort === 'configured' ? [...shown].sort(orders.strength) : shown
  return names.map(([name, title]) => ({ title, bots: within.filter((bot) => bot[group] === name) })).filter((one) => one.bots.length > 0)
}
