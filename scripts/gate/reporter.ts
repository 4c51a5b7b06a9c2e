import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { SerializedError } from 'vitest'
import type { Reporter, TestModule } from 'vitest/node'
import type { TestResult, VitestReport } from './report.ts'

/** Writes what the gate and the contract need to the file named by MILLRACE_REPORT: vitest's own json reporter leaves out the reason of a skip. */
export default class GateReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[]): void {
    const file = process.env.MILLRACE_REPORT
    if (file === undefined) throw new Error('MILLRACE_REPORT must name the report file')
    const report: VitestReport = {
      tests: modules.flatMap(testsOf),
      errors: [
        ...modules.flatMap((module) => module.errors().map((error) => `${module.relativeModuleId}: ${error.message}`)),
        ...unhandled.map((error) => error.stack ?? error.message),
      ],
    }
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, JSON.stringify(report))
  }
}

function testsOf(module: TestModule): TestResult[] {
  return [...module.children.allTests()].map((test) => {
    const result = test.result()
    const state = result.state === 'pending' ? 'failed' : result.state // a test that never ended did not pass
    return {
      project: module.project.name,
      file: module.relativeModuleId,
      name: test.fullName,
      state,
      ...(result.state === 'skipped' && result.note !== undefined ? { note: result.note } : {}),
      ms: test.diagnostic()?.duration ?? 0,
    }
  })
}
