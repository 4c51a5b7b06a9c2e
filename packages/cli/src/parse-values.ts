import { durationMs, parseTime, suggestion } from '@millrace/core'
import { InvalidArgumentError } from 'commander'
import { isModuleName } from './run/settings.ts'
import type { ModuleName } from './run/settings.ts'

/** The command line adds the option's name and its value to this. */
function refuse(expected: string): never {
  throw new InvalidArgumentError(`Expected ${expected}${expected.endsWith('?') ? '' : '.'}`)
}

/** Parses a whole number within bounds. */
export const wholeNumber =
  (min: number, max: number) =>
  (text: string): number => {
    const value = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN
    return value >= min && value <= max ? value : refuse(`a whole number from ${min} to ${max}`)
  }

/** Parses a part of a whole within bounds, such as 0.3. */
export const share =
  (min: number, max: number) =>
  (text: string): number => {
    const value = /^\d(\.\d{1,6})?$/.test(text) ? Number(text) : Number.NaN
    return value >= min && value <= max ? value : refuse(`a share from ${min} to ${max}, such as ${(min + max) / 2}`)
  }

/** Parses a number within bounds, such as basis points or a share. */
export const numberWithin =
  (min: number, max: number, what: string) =>
  (text: string): number => {
    const value = /^\d{1,9}(\.\d{1,9})?$/.test(text) ? Number(text) : Number.NaN
    return value >= min && value <= max ? value : refuse(what)
  }

/** Parses a length of time above zero into milliseconds. */
export function duration(text: string): number {
  const ms = attempt(durationMs, text) ?? 0
  return ms > 0 ? ms : refuse('a length of time such as 30s, 15m, 24h or 7d')
}

/** Parses a length of time, or `off` for none. */
export const durationOrOff = (text: string): number | undefined => (text === 'off' ? undefined : duration(text))

/** Parses a moment in UTC into epoch milliseconds: a date, or date and time with a Z. No other zone, so that a run is the same everywhere. */
export function utcTime(text: string): number {
  return attempt(parseTime, text) ?? refuse('a time in UTC such as 2025-09-17T06:00Z or 2025-09-17')
}

/** Parses a speed: how many times faster than the clock, or `max`. */
export function speed(text: string): number | 'max' {
  if (text === 'max') return 'max'
  const value = /^\d{1,4}$/.test(text) ? Number(text) : 0
  return value >= 1 && value <= 3600 ? value : refuse('1 (the clock), a whole number up to 3600 such as 60, or max')
}

/** Parses one of some names, or the name of a module: a path, a scoped package, or either with `#export`. */
export const nameOrModule =
  <T extends string>(names: readonly T[]) =>
  (text: string): T | ModuleName =>
    isModuleName(text)
      ? text
      : (names.find((name) => name === text) ?? refuse(`one of ${names.join(', ')}, or a module such as ./own.ts#name${suggestion(text, names)}`))

/** Parses the address of a venue: https, or http on this machine. */
export function venueUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  const local = url?.protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname)
  return url !== undefined && (url.protocol === 'https:' || local)
    ? url.origin
    : refuse('an https address, or http on this machine, such as http://127.0.0.1:8080')
}

function attempt(parse: (text: string) => number, text: string): number | undefined {
  try {
    return parse(text)
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}
