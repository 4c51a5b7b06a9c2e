import { ConfigError, parameterRange } from '@millrace/core'
import type { Parameter, ParameterValue } from '@millrace/core'
import { InvalidArgumentError } from 'commander'

/** Parses `name=from:to:step` or `name=a,b,c` and adds it to those before it. */
export function addParameter(text: string, before: readonly Parameter[] = []): readonly Parameter[] {
  const [, name = '', values = ''] = /^([A-Za-z_][\w.-]*)=(.+)$/.exec(text) ?? []
  if (name === '') throw new InvalidArgumentError('Expected name=from:to:step or name=value,value, as in fast=10:50:5 or confirm=1m,5m.')
  return [...before, values.includes(':') ? range(name, values) : { name, values: values.split(',').map(valueOf) }]
}

function range(name: string, text: string): Parameter {
  const parts = text.split(':')
  if (parts.length !== 3 || parts.some((part) => !isNumber(part))) throw new InvalidArgumentError('Expected three numbers, as in fast=10:50:5.')
  const [from, to, step] = parts.map(Number) as [number, number, number]
  try {
    return parameterRange(name, from, to, step)
  } catch (error) {
    if (error instanceof ConfigError) throw new InvalidArgumentError(error.problems.map(({ expected }) => `Expected ${expected}.`).join(' '))
    throw error
  }
}

const isNumber = (text: string): boolean => /^-?\d+(\.\d+)?(e-?\d+)?$/i.test(text)

const valueOf = (text: string): ParameterValue => (text === 'true' ? true : text === 'false' ? false : isNumber(text) ? Number(text) : text)
