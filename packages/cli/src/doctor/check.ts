import type { Instrument } from '@millrace/core'
import type { ReadConfig } from '../config/read-config.ts'

/** What a check found. `skipped`: it could not be looked at, or does not matter here. */
export interface Finding {
  readonly status: 'ok' | 'warning' | 'bad' | 'skipped'
  /** What was found, and what to do about it. */
  readonly detail: string
}

/** What the person asks about. */
export interface DoctorAsk {
  readonly config: string
  readonly db: string
  readonly port: number
  readonly keyFile: string | undefined
  readonly venueUrl: string | undefined
  /** Nothing is asked over the network. */
  readonly offline: boolean
}

/** What the venue says of itself, without a key. */
export interface VenueAnswer {
  readonly timeMs: number
  readonly products: readonly Instrument[]
}

/** The machine and the network as the checks see them; tests put others in. */
export interface DoctorParts {
  readonly nodeVersion: string
  readonly stripsTypes: boolean
  readonly env: Readonly<Record<string, string | undefined>>
  nowMs(): number
  /** Free bytes where a folder lies. */
  freeBytes(folder: string): number
  /** Addresses of this machine that others can reach. */
  outsideAddresses(): readonly string[]
  /** Whether something answers there. */
  answers(host: string, port: number): Promise<boolean>
  askVenue(url: string | undefined, instruments: readonly string[]): Promise<VenueAnswer>
  /** Rejects, in words, when the key may do something it should not, or is none. */
  checkKey(keyFile: string | undefined, url: string | undefined, instruments: readonly string[]): Promise<string>
}

/** Where Coinbase answers. */
export const coinbaseUrl = 'https://api.coinbase.com'

/** One look at one thing. */
export interface Check {
  readonly id: string
  readonly look: (subject: Subject) => Finding | Promise<Finding>
}

/** What the checks share: asked once, and only when one of them needs it. */
export interface Subject {
  readonly ask: DoctorAsk
  readonly parts: DoctorParts
  /** Undefined when the file cannot be used: the check `config` says why. */
  readonly config: () => Promise<ReadConfig | undefined>
  /** Rejects when the venue does not answer. */
  readonly venue: () => Promise<VenueAnswer>
}

export const ok = (detail: string): Finding => ({ status: 'ok', detail })
export const warning = (detail: string): Finding => ({ status: 'warning', detail })
export const bad = (detail: string): Finding => ({ status: 'bad', detail })
export const skipped = (detail: string): Finding => ({ status: 'skipped', detail })

/** What went wrong: of a request, what stopped it. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.message === 'fetch failed' && error.cause instanceof Error ? error.cause.message : error.message
}
