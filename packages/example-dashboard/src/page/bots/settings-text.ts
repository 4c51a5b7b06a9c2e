import type { BotChangeReport } from '@millrace/core'
import { duration, words } from '../format.ts'

/** The presets of the library, by name; a test holds them against it. */
export const presetNames = ['conservative', 'balanced', 'aggressive', 'adaptive', 'aggressiveBalanced', 'aggressiveBalancedB'] as const

/** A duration of the configuration in words; what is none is left out. */
export const durationWord = (ms: unknown): string => (typeof ms === 'number' ? duration(ms) : '')

/** A value of the configuration as text; text stands for itself. */
export const settingText = (value: unknown): string =>
  typeof value === 'string' ? value : value === undefined || value === null ? 'nothing' : JSON.stringify(value)

/** What is another value now, as `confirm: 5 min → 4 min`: lengths of time in words, and under the name that a configuration has for them. */
export function changeWords({ path, before, after }: BotChangeReport['changes'][number]): { readonly name: string; readonly text: string } {
  const isTime = /(_ms|Ms)$/.test(path) && [before, after].every((value) => typeof value === 'number')
  const text = (value: unknown): string => (isTime ? duration(value as number) : settingText(value))
  return { name: words(path.replace(isTime ? /(_ms|Ms)$/ : '', '').replaceAll('_', ' ')), text: `${text(before)} → ${text(after)}` }
}

/** A number when it is one: what else was typed is for the engine to refuse, in its own words. */
const valueOf = (key: string, text: string): unknown => (key !== 'actionThreshold' || text.trim() === '' || Number.isNaN(Number(text)) ? text : Number(text))

/**
 * Settings from what was typed: empty fields are left out, and the rest is read as the members of a JSON object.
 *
 * @returns why it cannot be read, as text
 */
export function settingsFrom(fields: Readonly<Record<string, string>>, more: string): Readonly<Record<string, unknown>> | string {
  const given = Object.entries(fields).flatMap(([key, text]) => (text.trim() === '' ? [] : [[key, valueOf(key, text.trim())] as const]))
  if (more.trim() === '') return Object.fromEntries(given)
  const text = more.trim().startsWith('{') ? more : `{${more}}`
  try {
    return { ...Object.fromEntries(given), ...(JSON.parse(text) as object) }
  } catch (error) {
    return `Other settings: expected JSON, ${error instanceof Error ? error.message : String(error)}`
  }
}
