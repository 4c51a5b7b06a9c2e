import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { totalOf } from '@millrace/core'
import type { DriftReport } from '@millrace/core'
import { temporaryFolder } from './millrace-process.ts'
import { followPage } from './tutorial.ts'

test('the page about drift works as it is written, offline, with the figures it shows', async () => {
  const folder = temporaryFolder()
  expect(await followPage('how-to/explain-drift.md', folder, 'first.json')).toHaveLength(3)
  const report = JSON.parse(readFileSync(join(folder, 'drift.json'), 'utf8')) as DriftReport
  expect(totalOf(report.lines.map(({ amount }) => amount))).toBe(report.drift)
  expect(report.unexplained).toBe('0')
  expect(existsSync(join(folder, 'drift.html'))).toBe(true)
})
