import type { Route } from './route.ts'
import { botRoutes } from './routes-bots.ts'
import { changeBotRoutes } from './routes-change-bots.ts'
import { controlRoutes } from './routes-control.ts'
import { historyRoutes } from './routes-history.ts'
import { portfolioRoutes } from './routes-portfolio.ts'
import { sessionRoutes } from './routes-session.ts'
import { stateRoutes } from './routes-state.ts'
import { tradeRoutes } from './routes-trades.ts'

/** Every endpoint below `/api/v1`; where two paths could both fit, the one that stands first answers. */
export const routes: readonly Route[] = [
  ...stateRoutes,
  ...portfolioRoutes,
  ...botRoutes,
  ...changeBotRoutes,
  ...tradeRoutes,
  ...historyRoutes,
  ...controlRoutes,
  ...sessionRoutes,
]
