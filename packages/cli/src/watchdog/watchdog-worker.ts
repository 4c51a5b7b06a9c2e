import { writeSync } from 'node:fs'
import { Session } from 'node:inspector'
import type { Debugger } from 'node:inspector'
import { parentPort, workerData } from 'node:worker_threads'
import { noticeOf } from './notice.ts'
import { stillness } from './stillness.ts'
import type { WatchdogData, WatchdogOrder } from './watchdog.ts'

// A thread of its own: when the main one hangs in a plugin, nothing on it can notice. It finds out where, asks for a halted start, and ends the process.

/** As long as somebody may take to say where the main thread is, and to end. */
const PATIENCE_MS = 2_000

const { beats, limitMs, everyMs, exitCode } = workerData as WatchdogData
const still = stillness(limitMs, everyMs)
let haltFile: string | undefined
let found = false

parentPort!.on('message', (order: WatchdogOrder) => {
  haltFile = order.haltFile
})
setInterval(() => {
  if (found || !still.seen(Atomics.load(beats, 0), performance.now(), Atomics.load(beats, 1) === 1)) return
  found = true
  interrupt()
}, everyMs)

/** Stops the main thread where it is, reads its place, and ends the process from there; from outside when that does not work. */
function interrupt(): void {
  const session = new Session()
  const files = new Map<string, string>()
  const giveUp = setTimeout(() => {
    report(undefined)
    process.kill(process.pid, 'SIGKILL')
  }, PATIENCE_MS)
  session.on('Debugger.scriptParsed', ({ params }) => void files.set(params.scriptId, params.url))
  session.on('Debugger.paused', ({ params: { callFrames } }) => {
    clearTimeout(giveUp)
    report(placeOf(callFrames, files))
    session.post('Debugger.evaluateOnCallFrame', { callFrameId: callFrames[0]!.callFrameId, expression: `process.reallyExit(${exitCode})` })
    setTimeout(() => process.kill(process.pid, 'SIGKILL'), PATIENCE_MS)
  })
  session.connectToMainThread()
  session.post('Debugger.enable')
  session.post('Debugger.pause')
}

/** The innermost place that is nobody's but the author's, or else the innermost. */
function placeOf(frames: readonly Debugger.CallFrame[], files: ReadonlyMap<string, string>): string {
  const places = frames.map(({ functionName, location }) => ({ name: functionName, url: files.get(location.scriptId) ?? '', line: location.lineNumber + 1 }))
  const place = places.find(({ url }) => url.startsWith('file:') && !url.includes('/node_modules/')) ?? places[0]
  return place === undefined ? 'an unknown place' : `${place.name === '' ? 'a function' : `${place.name}()`} at ${place.url}:${place.line}`
}

function report(place: string | undefined): void {
  writeSync(2, `error: ${noticeOf({ place, limitMs, haltFile, nowMs: Date.now() })}\n`)
}
