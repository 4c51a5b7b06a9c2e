// npm run bench:engine [-- --json] [--rounds 3] [--candles 100000] [--peers] [--write]
// Measures the engine next to a hand-written loop of the same run. --peers installs other libraries into a temporary folder and measures them, too.
// --write keeps the ratios for bench:check.
import { rmSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { installPeers } from './peers.ts'
import { rowText } from './report.ts'
import { measure } from './run.ts'

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '3' },
    candles: { type: 'string', default: '100000' },
    peers: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
  },
})
const peers = values.peers ? installPeers() : undefined
const report = measure(Number(values.rounds), Number(values.candles), peers)
if (peers !== undefined) rmSync(peers, { recursive: true })
if (report === undefined || (values.peers && peers === undefined)) process.exitCode = 1
else {
  const say = values.json ? console.error : console.log
  say(`canonical candles, ${report.candles.toLocaleString('en-US')} for the rows of eleven bots`)
  for (const row of report.rows) say(rowText(row))
  const result = { node: process.version, cpu: cpus()[0]?.model ?? 'unknown', ...report }
  if (values.write) writeFileSync(new URL('baseline.json', import.meta.url), `${JSON.stringify(result, undefined, 2)}\n`)
  if (values.json) console.log(JSON.stringify(result))
}
