import type { LinkEvent } from '@millrace/core'

/** Tells when the venue no longer takes the key, so that trading can stop instead of asking on. */
export interface KeyWatch {
  /** An answer of the REST interface. */
  answered(status: number): void
  /** The user channel was refused, or acknowledged. */
  socket(refused: boolean): void
}

/** Refusals in a row that count: a single one also comes from an overloaded edge of the venue. */
const IN_A_ROW = 2

/** Returns a watch over one key. Each kind of trouble is told once, and again after the key has worked in between. */
export function createKeyWatch(tell: (event: LinkEvent) => void): KeyWatch {
  let refusals = 0
  let socketRefusals = 0
  let forbidden = false
  const refused = (where: string): void =>
    tell({ type: 'error', code: 'keyRefused', detail: `Coinbase refused the key ${IN_A_ROW} times in a row (${where}): revoked, or the clock is wrong` })
  return {
    answered(status) {
      if (status === 401) {
        refusals++
        if (refusals === IN_A_ROW) refused('REST')
        return
      }
      // Too many requests and failures of the venue come before it looks at the key.
      if (status === 429 || status >= 500) return
      refusals = 0
      if (status === 403) {
        if (!forbidden) tell({ type: 'error', code: 'keyForbidden', detail: 'Coinbase does not let this key do what was asked: a permission was taken away' })
        forbidden = true
      } else if (status < 300) forbidden = false
    },
    socket(isRefused) {
      socketRefusals = isRefused ? socketRefusals + 1 : 0
      if (socketRefusals === IN_A_ROW) refused('user channel')
    },
  }
}
