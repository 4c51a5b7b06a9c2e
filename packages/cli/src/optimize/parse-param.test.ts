import { describe, expect, it } from 'vitest'
import { addParameter } from './parse-param.ts'

describe('--param', () => {
  it.each([
    ['fast=5:20:5', 'fast', [5, 10, 15, 20]],
    ['rsi.period=7,14', 'rsi.period', [7, 14]],
    ['confirm=1m,5m', 'confirm', ['1m', '5m']],
    ['exits.0.params.fraction=0.01:0.03:0.01', 'exits.0.params.fraction', [0.01, 0.02, 0.03]],
    ['maLine=true,false', 'maLine', [true, false]],
    ['x=-1e-2,2', 'x', [-0.01, 2]],
  ])('%s', (text, name, values) => expect(addParameter(text)).toEqual([{ name, values }]))
  it('adds one to those before', () => expect(addParameter('b=1,2', addParameter('a=1,2')).map(({ name }) => name)).toEqual(['a', 'b']))
  it.each([
    ['fast', 'Expected name=from:to:step'],
    ['=1,2', 'Expected name=from:to:step'],
    ['fast=', 'Expected name=from:to:step'],
    ['fast=1:2', 'Expected three numbers'],
    ['fast=a:b:c', 'Expected three numbers'],
    ['fast=5:1:1', 'from <= to'],
  ])('refuses %s', (text, words) => expect(() => addParameter(text)).toThrow(words))
})
