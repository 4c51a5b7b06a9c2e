import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseConfig } from '../../config/parse-config.ts'
import { ConfigError } from '../../model/errors.ts'
import { importModule } from './import-module.ts'
import { loadPlugins } from './load-plugins.ts'

let folder: string
const write = (file: string, text: string): void => {
  mkdirSync(dirname(join(folder, file)), { recursive: true })
  writeFileSync(join(folder, file), text)
}

const dip = `export const dip = defineStrategy({
  id: 'dip',
  params: z.strictObject({ score: z.number().min(-1).max(1).default(0.5) }),
  indicators: () => ({}),
  components: { constant: () => 'as configured' },
  evaluate: (_context, p, signal) => signal.add('constant', p.score),
})\n`
const imports = `import { defineStrategy, definePlugin } from '@millrace/core'\nimport { z } from 'zod'\n`
/** Everything a bot can be made of. */
const parts = `${imports}
const none = z.strictObject({})
export const atTwoPercent = definePlugin('exit', { params: z.strictObject({ fraction: z.number() }), make: ({ fraction }) => ({ apiVersion: 1, id: 'x-exit', check: () => fraction }) })
export const tenDollars = { apiVersion: 1, id: 'ten', size: () => 10 }
export const thirds = definePlugin('tranchePlan', { params: none, make: () => ({ apiVersion: 1, id: 'thirds', size: (budget, _i, count) => budget / count }) })
export const never = definePlugin('safety', { params: none, make: () => ({ apiVersion: 1, id: 'x-never', code: 'x-never', check: (_i, _v, verdict) => verdict.deny(-1) }) })
export const noOrder = { apiVersion: 1, id: 'no-order', order: () => ({ denied: 'SIZE_ZERO', detail: 'never' }) }
`

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'millrace-plugins-'))
  symlinkSync(resolve('node_modules'), join(folder, 'node_modules'))
  write('own.ts', `${imports}${dip}`)
  write('parts.ts', parts)
  write('empty.ts', 'export {}\n')
  write('throws.ts', `const x: number = 1\nthrow new RangeError(\`no luck with \${x}\`)\n`)
  write('syntax.ts', 'export const a = = 1\n')
  write('imports-nothing.ts', "import './not-there.ts'\n")
  write('several.ts', `${imports}${dip}export const other = ${dip.slice('export const dip = '.length)}`)
  write(
    'shapes.ts',
    'export const old = { apiVersion: 0, id: "old", create() {} }\nexport const fn = () => 1\nexport const half = { apiVersion: 1, id: "half" }\n',
  )
  write(
    'later.ts',
    `${imports}export const later = definePlugin('sizer', { params: z.strictObject({}), make: () => ({ apiVersion: 2, id: 'later', size: () => 1 }) })\n`,
  )
  write('own-code.ts', 'export const rule = { apiVersion: 1, id: "r", code: "MINE", check() {} }\n')
  write('waits.ts', 'await new Promise(() => undefined)\n')
  write('bots/pack/node_modules/typed/package.json', '{ "name": "typed", "exports": "./index.ts" }')
  const sizer = 'export const ten = { apiVersion: 1, id: "ten", size: () => 10 }\n'
  write(
    'bots/pack/node_modules/@me/sizers/package.json',
    '{ "type": "module", "exports": { ".": { "require": "./no.cjs", "import": { "default": "./ten.js" } }, "./more": ["./ten.js"] } }',
  )
  write('bots/pack/node_modules/@me/sizers/ten.js', sizer)
  write('torn/node_modules/broken/package.json', '{ "name": ')
  write('bots/pack/node_modules/plain/package.json', '{ "name": "plain", "main": "index.js" }')
  write('bots/pack/node_modules/plain/index.js', sizer.replace('export const ten =', 'exports.ten ='))
  write('bots/pack/node_modules/typed/index.ts', 'export const x = 1\n')
})
afterAll(() => rmSync(folder, { recursive: true }))

const bot = { id: 'btc', instrument: 'BTC-USD', strategy: 'weighted-signals' }
const load = async (data: object, from = '.') => parseConfig(data, (await loadPlugins(data, { folder: join(folder, from) })).plugins)
async function problemsOf(data: object, from = '.') {
  try {
    await load(data, from)
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
  throw new Error('nothing was refused')
}

describe('loadPlugins', () => {
  it('takes a strategy from a file, alone or by its name, with the parameters of its schema', async () => {
    const { bots } = await load({
      bots: [
        { ...bot, strategy: './own.ts' },
        { ...bot, id: 'eth', strategy: { use: './several.ts#other', params: { score: 0.25 } } },
      ],
    })
    expect(bots.map(({ strategy }) => [strategy.id, strategy.params])).toEqual([
      ['dip', { score: 0.5 }],
      ['dip', { score: 0.25 }],
    ])
  })
  it('takes every kind that a bot is made of, and strategies inside a combination', async () => {
    const { bots, account } = await load({
      account: { safety: ['./parts.ts#never'] },
      defaults: { safety: ['./parts.ts'] },
      bots: [
        {
          ...bot,
          strategy: { use: 'combine', params: { mode: 'first', of: ['breakout', './own.ts#dip'] } },
          sizing: './parts.ts',
          exits: [{ use: './parts.ts#atTwoPercent', params: { fraction: 0.5 } }],
          tranches: { max: 3, plan: './parts.ts#thirds' },
          safety: ['./parts.ts#never'],
          execution: './parts.ts#noOrder',
        },
      ],
    })
    const [first] = bots
    expect(account.safety.map(({ id }) => id)).toEqual(['x-never'])
    expect(first!.strategy.componentNames).toContain('dip.constant')
    expect([first!.sizing.id, first!.exits[0]!.id, first!.tranches!.plan!.id, first!.safety[0]!.id, first!.execution.id]).toEqual([
      ...['ten', 'x-exit', 'thirds', 'x-never', 'no-order'],
    ])
  })
  it('writes down what a plugin was made with, so that other numbers are another configuration', async () => {
    const hashOf = (fraction: number) => load({ bots: [{ ...bot, exits: [{ use: './parts.ts#atTwoPercent', params: { fraction } }] }] })
    const [two, three] = [await hashOf(0.02), await hashOf(0.03)]
    expect(two.json).toMatchObject({ bots: [{ exits: [{ id: 'x-exit', params: { fraction: 0.02 } }] }] })
    expect(two.configHash).not.toBe(three.configHash)
  })
  it('takes a plugin from a package, as it exports its modules', async () => {
    const sizings = ['@me/sizers#ten', '@me/sizers/more#ten', 'plain#ten', 'plain/index.js#ten']
    for (const sizing of sizings) {
      const { bots } = await load({ bots: [{ ...bot, sizing }] }, 'bots/pack/deeper')
      expect(bots[0]!.sizing.id).toBe('ten')
    }
    const [problem] = await problemsOf({ bots: [{ ...bot, sizing: '@me/sizers/inner#ten' }] }, 'bots/pack')
    expect(problem).toMatchObject({ expected: 'something that @me/sizers exports' })
  })
  it('refuses a package whose package.json is broken, and says which', async () => {
    const [problem] = await problemsOf({ bots: [{ ...bot, sizing: 'broken#ten' }] }, 'torn')
    expect(problem).toMatchObject({ path: 'bots[0].sizing', expected: expect.stringMatching(/package\.json that can be read in .*broken/) as string })
  })
  it('says which code runs', async () => {
    const { modules } = await loadPlugins({ bots: [{ ...bot, strategy: './own.ts' }] }, { folder })
    expect(modules).toEqual([{ specifier: './own.ts', file: join(folder, 'own.ts'), sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string }])
  })
  it.each([
    ['a file that is not there', './owm.ts', 'the file of a module; did you mean "own.ts"?', 'no file '],
    ['a folder that is not there', './nowhere/own.ts', 'the file of a module', 'no folder '],
    ['a folder', './bots', 'the file of a module', 'a folder: '],
    ['a package that is not there', '@nobody/plugins#dip', 'an installed package (npm install @nobody/plugins)', 'none called @nobody/plugins'],
    ['an export that is not there', './own.ts#dop', 'an export "dop"; did you mean "dip"?', 'the exports dip ("./own.ts#dop")'],
    ['no exports at all', './empty.ts', 'an export that is a strategy', 'a module without exports'],
    ['several that fit', './several.ts', 'one export that is a strategy, or its name behind a #', 'dip, other'],
    ['a module that throws', './throws.ts', 'a module that loads', 'RangeError: no luck with 1'],
    ['a module with an error of syntax', './syntax.ts', '', 'syntax.ts'],
    ['a module that imports what is not there', './imports-nothing.ts', '', 'not-there.ts'],
    ['an object of an old version', './shapes.ts#old', 'a strategy as "old"', 'an object with apiVersion 0, and this library runs 1'],
    ['an object without its method', './shapes.ts#half', 'a strategy as "half"', 'an object with no create()'],
    ['a plain function', './shapes.ts#fn', 'a strategy as "fn"', 'a function that is no factory of defineStrategy'],
    ['another kind', './parts.ts#never', 'a strategy as "never"', 'a safety rule'],
    ['nothing that fits', './parts.ts', 'an export that is a strategy', 'atTwoPercent: an exit rule; tenDollars: an object with no create()'],
  ])('refuses %s with path, expected and received', async (_, strategy, expected, received) => {
    const [problem, ...others] = await problemsOf({ bots: [{ ...bot, strategy: { use: strategy } }] })
    expect(others).toEqual([])
    expect(problem!.path).toBe('bots[0].strategy.use')
    expect(problem!.expected).toContain(expected)
    expect(problem!.received).toContain(received)
  })
  it('holds what a factory makes against the contract, and a rule of one’s own to a code of one’s own', async () => {
    const [made] = await problemsOf({ bots: [{ ...bot, sizing: './later.ts' }] })
    expect(made).toMatchObject({
      path: 'bots[0].sizing',
      expected: 'a sizer with apiVersion 1; its module made something with apiVersion 2, and this library runs 1',
    })
    const [rule] = await problemsOf({ bots: [{ ...bot, safety: ['./own-code.ts'] }] })
    expect(rule).toMatchObject({ path: 'bots[0].safety[0]', received: expect.stringContaining('code "MINE", which does not start with x-') as string })
  })
  it('finds every problem at once, and those of parameters where they stand', async () => {
    const found = await problemsOf({ account: { safety: ['./a.ts'] }, bots: [{ ...bot, strategy: './b.ts' }] })
    expect(found.map(({ path }) => path)).toEqual(['account.safety[0]', 'bots[0].strategy'])
    const [params] = await problemsOf({ bots: [{ ...bot, strategy: { use: './own.ts', params: { scoer: 1 } } }] })
    expect(params).toMatchObject({ path: 'bots[0].strategy.params.scoer', expected: 'no such key; did you mean "score"?' })
  })
  it('says of TypeScript in an installed package that Node does not load it', async () => {
    const [problem] = await problemsOf({ bots: [{ ...bot, strategy: 'typed#x' }] }, 'bots/pack')
    expect(problem!.expected).toContain('JavaScript in an installed package')
  })
  it('does not wait for ever', async () => {
    expect(await importModule(join(folder, 'waits.ts'), 20)).toMatchObject({ expected: 'a module that loads within 0.02 s' })
  })
  it('tells a program that reads a configuration without loading its modules', () => {
    expect(() => parseConfig({ bots: [{ ...bot, strategy: './own.ts' }] })).toThrow('loadPlugins() of @millrace/core/node brings modules in')
  })
})
