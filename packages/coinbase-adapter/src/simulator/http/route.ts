import type { VenueState } from '../venue-state.ts'
import type { Answer } from './answer.ts'
import type { VenueKey } from './keys.ts'

/** What the venue is besides its books. */
export interface Service {
  readonly venue: VenueState
  readonly keys: Map<string, VenueKey>
  readonly userId: string
  readonly defaultPortfolio: string
  /** Names by UUID. */
  readonly portfolios: Map<string, string>
  readonly oldDialect: boolean
  /** The venue's own clock minus the one it runs on, in ms. */
  offsetMs: number
}

/** A request that was let in. */
export interface RouteRequest {
  readonly service: Service
  readonly query: URLSearchParams
  /** What stood in the place of the path's parameter. */
  readonly id: string
  readonly body: unknown
  /** The key it came with; public paths may have none. */
  readonly key: VenueKey | undefined
  /** The portfolio of the key. */
  readonly portfolio: string
}

export interface Route {
  readonly method: 'GET' | 'POST'
  /** Under the prefix; `*` stands for one segment. */
  readonly path: string
  /** None for the public twins. */
  readonly permission?: 'canView' | 'canTrade'
  answer(request: RouteRequest): Answer
}

/** Returns the route for a path and what stands for its `*`. */
export function routeFor(routes: readonly Route[], method: string, path: string): { readonly route: Route; readonly id: string } | undefined {
  const segments = path.split('/')
  for (const route of routes) {
    const pattern = route.path.split('/')
    if (route.method !== method || pattern.length !== segments.length) continue
    if (!pattern.every((part, index) => part === '*' || part === segments[index])) continue
    return { route, id: decodeURIComponent(segments[pattern.indexOf('*')] ?? '') }
  }
  return undefined
}
