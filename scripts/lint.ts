import { spawnSync } from 'node:child_process'
import { linted } from './lib/targets.ts'
import { root, tool } from './lib/repo.ts'

process.exitCode = spawnSync(tool('oxlint'), ['--type-aware', ...linted, ...process.argv.slice(2)], { cwd: root, stdio: 'inherit' }).status ?? 1
