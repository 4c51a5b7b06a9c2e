import { expect } from 'vitest'
import type { EngineErrorCode } from '@millrace/core'
import { EngineError } from '@millrace/core'

/** Expects a call to throw an EngineError with this code and a message that holds this text, and returns it. */
export function expectRefusal(run: () => unknown, code: EngineErrorCode, message: string): EngineError {
  const error = thrownBy(run)
  expect(error).toBeInstanceOf(EngineError)
  expect([(error as EngineError).code, (error as EngineError).message]).toEqual([
    code,
    (error as EngineError).message.includes(message) ? (error as EngineError).message : message,
  ])
  return error as EngineError
}

function thrownBy(run: () => unknown): unknown {
  try {
    run()
  } catch (error) {
    return error
  }
  return undefined
}
