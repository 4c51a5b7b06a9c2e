import type { Engine } from '@millrace/core'
import type { EngineRun } from '../src/runtime/engine-run.ts'

/** The run of an engine, which only a test reaches into. */
export const insideOf = (engine: Engine): EngineRun => (engine as unknown as { readonly run: EngineRun }).run
