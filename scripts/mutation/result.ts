/** What became of one changed place; the words are Stryker's. */
export interface Mutant {
  readonly file: string
  readonly line: number
  readonly mutator: string
  /** The line as it is, and what stood in its place. */
  readonly original: string
  readonly replacement: string
  readonly status: string
}

export interface MutationScore {
  readonly killed: number
  readonly timeout: number
  readonly survived: number
  readonly noCoverage: number
  /** Percent of the mutants that tests noticed; those that could not run count nowhere. */
  readonly score: number
}

interface Position {
  readonly line: number
  readonly column: number
}

/** What Stryker records of one mutant when it was tested; lines and columns from 1. */
export interface TestedMutant {
  readonly id: string
  readonly fileName: string
  readonly mutatorName: string
  readonly replacement?: string
  readonly status: string
  readonly location: { readonly start: Position; readonly end: Position }
}

/** Returns the mutants that were tested, by file and line; `read` gives the text of a file. */
export function mutantsOf(tested: readonly TestedMutant[], read: (file: string) => string): Mutant[] {
  const texts = new Map<string, readonly string[]>()
  const linesOf = (file: string): readonly string[] => {
    const known = texts.get(file) ?? read(file).split('\n')
    texts.set(file, known)
    return known
  }
  return tested
    .map(({ fileName: file, mutatorName, replacement, status, location: { start, end } }) => ({
      file,
      line: start.line,
      mutator: mutatorName,
      original: textAt(linesOf(file), start, end),
      replacement: replacement ?? '',
      status,
    }))
    .toSorted((a, b) => (a.file === b.file ? a.line - b.line : a.file < b.file ? -1 : 1))
}

const textAt = (lines: readonly string[], start: Position, end: Position): string =>
  start.line === end.line ? lines[start.line - 1]!.slice(start.column - 1, end.column - 1) : `${lines[start.line - 1]!.slice(start.column - 1)} …`

/** Returns the score of some mutants. */
export function scoreOf(mutants: readonly Mutant[]): MutationScore {
  const count = (status: string): number => mutants.filter((mutant) => mutant.status === status).length
  const [killed, timeout, survived, noCoverage] = [count('Killed'), count('Timeout'), count('Survived'), count('NoCoverage')]
  const asked = killed + timeout + survived + noCoverage
  return { killed, timeout, survived, noCoverage, score: asked === 0 ? 100 : (100 * (killed + timeout)) / asked }
}

const code = (text: string): string => {
  const short = text.replaceAll(/\s+/g, ' ').replaceAll('|', '\\|').replaceAll('`', "'").trim()
  return `\`${(short.length > 70 ? `${short.slice(0, 69)}…` : short) || ' '}\``
}

/** Returns `docs/mutation.md`: the score by folder and file, then every mutant that no test noticed. */
export function mutationMarkdown(
  mutants: readonly Mutant[],
  about: { readonly commit: string; readonly seed: number; readonly share: number; readonly left: number },
): string {
  const folderOf = (file: string): string => file.split('/').slice(0, 4).join('/')
  const rowsBy = (keyOf: (file: string) => string): string[] =>
    [...Map.groupBy(mutants, ({ file }) => keyOf(file))]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, group]) => {
        const { killed, timeout, survived, noCoverage, score } = scoreOf(group)
        return `| ${key} | ${killed + timeout} | ${survived} | ${noCoverage} | ${score.toFixed(1)} % |`
      })
  const survivors = mutants.filter(({ status }) => status === 'Survived' || status === 'NoCoverage')
  const head = '|---|---|---|---|---|'
  return `# Mutation testing

Made by \`npm run campaign:mutation\`; do not edit. Stryker changes one place of the code at a time and runs the tests that reach it: a mutant that no test
notices has survived. The sample takes whole functions in an order that follows from its seed.

Commit ${about.commit}, seed ${about.seed}, ${Math.round(100 * about.share)} % of the lines: ${mutants.length} mutants, ${scoreOf(mutants).score.toFixed(1)} % noticed.${about.left === 0 ? '' : ` The time was over before ${about.left} more were tested.`}

| folder | noticed | survived | reached by no test | score |
${head}
${rowsBy(folderOf).join('\n')}

| file | noticed | survived | reached by no test | score |
${head}
${rowsBy((file) => `\`${file.replace('packages/core/src/', '')}\``).join('\n')}

## Survivors

| where | kind | code | became |
|---|---|---|---|
${survivors
  .map(
    (mutant) =>
      `| \`${mutant.file.replace('packages/core/src/', '')}:${mutant.line}\` | ${mutant.mutator}${mutant.status === 'NoCoverage' ? ' (no test reaches it)' : ''} | ${code(mutant.original)} | ${code(mutant.replacement)} |`,
  )
  .join('\n')}
`
}
