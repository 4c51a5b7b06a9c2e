import { readFileSync } from 'node:fs'

/** What the comment above a factory says. */
export interface SourceDoc {
  readonly summary: string
  readonly formula: string
  readonly flat: string
  readonly source: string
  readonly talib: string
  readonly tradingview: string
  readonly example: string
  /** Parameters of the batch form, in order. */
  readonly batch: readonly string[]
}

const LABELS = { Formula: 'formula', Flat: 'flat', Source: 'source', 'TA-Lib': 'talib', TradingView: 'tradingview' } as const

/** `williamsR` -> `williams-r`. */
export const fileOf = (name: string): string => name.replace(/([a-z0-9])([A-Z])/g, '$1-$2').toLowerCase()

/** Reads the comment above `export const name =`; throws if a part is missing, so that no page can be half empty. */
export const readDoc = (name: string): SourceDoc => {
  const text = readFileSync(new URL(`../src/indicators/${fileOf(name)}.ts`, import.meta.url), 'utf8')
  const end = text.indexOf(`\nexport const ${name} = `)
  const start = text.lastIndexOf('/**', end)
  const rows = text
    .slice(start, end)
    .split('\n')
    .slice(1, -1)
    .map((row) => row.replace(/^ \* ?/, ''))
  const split = rows.indexOf('@example')
  const parts: Record<string, string> = { summary: '' }
  let current = 'summary'
  for (const row of rows.slice(0, split)) {
    const label = Object.keys(LABELS).find((each) => row.startsWith(`${each}: `)) as keyof typeof LABELS | undefined
    if (label !== undefined) current = LABELS[label]
    const words = label === undefined ? row : row.slice(label.length + 2)
    parts[current] = [parts[current], words].filter(Boolean).join(' ')
  }
  const example = rows
    .slice(split + 1)
    .filter((row) => !row.startsWith('```'))
    .join('\n')
    .trim()
  const signature = new RegExp(`\\nexport const ${name}Batch = \\(([^)]*)\\)`).exec(text)?.[1] ?? ''
  const batch = signature.split(',').flatMap((parameter) => /^\s*(\w+)/.exec(parameter)?.[1] ?? [])
  if (batch.length === 0) throw new Error(`${name}: no batch form was found`)
  const doc = { ...parts, example, batch } as unknown as SourceDoc
  for (const key of ['summary', ...Object.values(LABELS), 'example'] as const) if (!doc[key]) throw new Error(`${name}: its comment has no ${key}`)
  return doc
}
