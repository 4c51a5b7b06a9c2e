// Measures one library in a process of its own and writes the timings as JSON.
import { benchData } from './data.ts'
import { handTasks } from './hand-tasks.ts'
import { measure } from './measure.ts'
import { ourTasks } from './ours.ts'
import { peerTasks } from './peers.mjs'

const [library = '', folder = '', candles = '1000000'] = process.argv.slice(2)
const data = benchData(Number(candles))
const tasks = library === 'hand' ? handTasks(data) : library === '@millrace/indicators' ? ourTasks(data) : peerTasks(library, folder, data)
for (const task of tasks) {
  // A peer that fails in one cell still counts in the others.
  try {
    console.log(JSON.stringify(measure(task, data.length)))
  } catch (error) {
    console.error(`${library} ${task.indicator}: ${String(error)}`)
  }
}
