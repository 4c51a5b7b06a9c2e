import { describe, expect, it } from 'vitest'
import { jsonFault } from './json-fault.ts'

function faultOf(text: string): string {
  try {
    JSON.parse(text)
  } catch (error) {
    return jsonFault(text, error)
  }
  return 'none'
}

describe('what is no JSON', () => {
  it.each([
    ['{\n  "bots": [\n    1,\n  ]\n}', "unexpected token ']' in line 4, column 3"],
    ['{"a":1,}', 'expected double-quoted property name in line 1, column 8'],
    ["{\n  'a': 1\n}", "expected property name or '}' in line 2, column 3"],
    ['{"a": tru}', "unexpected token '}' in line 1, column 10"],
    ['{"a": 1} x', 'unexpected non-whitespace character after JSON in line 1, column 10'],
    ['{"a": "x\ny"}', 'bad control character in string literal in line 1, column 9'],
    ['{\n  "bots": [', 'a file that ends too early, in line 2, column 12'],
    ['{"a": "x', 'a file that ends too early, in line 1, column 9'],
    ['{"a": 1e', 'a file that ends too early, in line 1, column 9'],
    ['\n', 'an empty file'],
    ['', 'an empty file'],
  ])('%j: %s', (text, fault) => expect(faultOf(text)).toBe(fault))
})
