import { spawnSync } from 'node:child_process'
import { formatted } from './lib/targets.ts'
import { root, tool } from './lib/repo.ts'

process.exitCode = spawnSync(tool('oxfmt'), [...formatted, ...process.argv.slice(2)], { cwd: root, stdio: 'inherit' }).status ?? 1
