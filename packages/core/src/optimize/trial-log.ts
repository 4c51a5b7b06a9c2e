import { canonicalText } from '../engine/canonical.ts'
import { sha256Hex } from '../engine/hashing.ts'
import type { Json } from '../model/json.ts'
import type { TrialOutcome } from './trial-metrics.ts'

/** One trial that is done. */
export interface TrialRecord {
  /** Number of the step of the walk forward, from 0. */
  readonly fold: number
  readonly part: 'train' | 'test'
  readonly point: number
  readonly outcome: TrialOutcome
}

/**
 * Where finished trials are kept, so that a sweep that was interrupted goes on. Lines come in the order of the search, whoever finished first, so a sweep that was
 * killed and resumed leaves the same bytes as one that was not.
 */
export interface TrialLog {
  /** The next line of an earlier run of the same sweep; undefined when there are no more. */
  next(): string | undefined
  /** Keeps one line, without a line break. */
  append(line: string): void
}

/** A record as its line. */
export const recordLine = ({ fold, part, point, outcome }: TrialRecord): string =>
  canonicalText({ fold, part, point, ...(outcome as unknown as Readonly<Record<string, Json>>) })

/**
 * Reads a line that {@link recordLine} wrote.
 *
 * @throws SyntaxError when it is none
 */
export function readRecord(line: string): TrialRecord {
  const { fold, part, point, metrics, refused } = JSON.parse(line) as Omit<TrialRecord, 'outcome'> & Partial<Record<'metrics' | 'refused', unknown>>
  if (typeof fold !== 'number' || typeof point !== 'number' || (part !== 'train' && part !== 'test') || (metrics === undefined) === (refused === undefined))
    throw new SyntaxError(`expected a trial, received ${line.slice(0, 80)}`)
  return { fold, part, point, outcome: (metrics === undefined ? { refused } : { metrics }) as TrialOutcome }
}

/** Hash of all lines so far: sha256 of the hash before and the line. */
export const nextHash = (hash: string, line: string): string => sha256Hex(`${hash}\n${line}`)
