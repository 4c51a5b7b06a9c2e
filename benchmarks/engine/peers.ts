import { spawnSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Backtesting libraries for JavaScript that run without a database, with what has to be installed for each. */
export const peers: Readonly<Record<string, readonly string[]>> = {
  // The last asks for chai without saying so.
  grademark: ['grademark@0.3.0', 'data-forge@1.10.5', 'chai@4.5.0'],
}

/** Installs the peers by name into a new temporary folder; nothing of it touches the project. Undefined when npm could not, and then it has said why. */
export function installPeers(): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-peers-'))
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true }))
  const wanted = Object.values(peers).flat()
  const { status } = spawnSync('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error', ...wanted], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
    timeout: 300_000,
  })
  return status === 0 ? folder : undefined
}
