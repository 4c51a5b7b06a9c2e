import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { CrashedLog } from '../../packages/sqlite-store/test/damaged-log.ts'
import { randomNumbers } from '../../packages/sqlite-store/test/random-numbers.ts'
import type { Campaign } from '../lib/campaign.ts'

const CUTS = 300
const FLIPS = 300
const COMMITS = 200
const writer = fileURLToPath(new URL('../../packages/sqlite-store/test/writer-process.ts', import.meta.url))

/** `npm test` cuts and flips as often once; this does it with other places each seed, and counts what the system is asked to sync. */
export const campaign: Campaign = {
  title: 'power loss and rot: a cut log is a prefix of the commits, a flipped bit is noticed, and each commit is synced',
  run(seed) {
    const random = randomNumbers(seed)
    const figures: Record<string, number> = { cuts: 0, flips: 0, flipsWhole: 0, flipsLost: 0, flipsRefused: 0, straced: 0 }
    const crashed = new CrashedLog()
    try {
      for (; figures['cuts']! < CUTS; figures['cuts']!++) crashed.cut(Math.floor(random() * crashed.log.length))
      for (; figures['flips']! < FLIPS; figures['flips']!++) {
        const outcome = crashed.flip(Math.floor(random() * crashed.log.length), Math.floor(random() * 8))
        figures[{ whole: 'flipsWhole', lost: 'flipsLost', refused: 'flipsRefused' }[outcome]]!++
      }
    } finally {
      crashed.close()
    }
    if (!straceIsThere()) return Promise.resolve(figures)
    const [full, normal] = [syncsOfLog('write'), syncsOfLog('write-normal')]
    if (full < COMMITS) throw new Error(`${COMMITS} commits with synchronous = FULL: expected at least as many syncs of the log, counted ${full}`)
    if (normal >= COMMITS)
      throw new Error(`${COMMITS} commits with synchronous = NORMAL: expected fewer syncs of the log, or the count proves nothing; counted ${normal}`)
    return Promise.resolve({ ...figures, straced: 1, commits: COMMITS, logSyncsFull: full, logSyncsNormal: normal })
  },
}

const straceIsThere = (): boolean => spawnSync('strace', ['-V']).status === 0

/** How often the system is asked to put the log on disk while a process makes {@link COMMITS} commits. */
function syncsOfLog(task: string): number {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-syncs-'))
  try {
    const trace = join(folder, 'trace')
    const program = [process.execPath, '--conditions=@millrace/source', writer, task, join(folder, 'trader.db'), String(COMMITS)]
    const { status, stderr } = spawnSync('strace', ['-f', '-y', '-e', 'trace=fsync,fdatasync', '-o', trace, ...program], { encoding: 'utf8' })
    if (status !== 0 || !existsSync(trace)) throw new Error(`strace ended with ${status}: ${stderr}`)
    return readFileSync(trace, 'utf8')
      .split('\n')
      .filter((line) => /f(data)?sync\(\d+<[^>]*-wal>/.test(line)).length
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
