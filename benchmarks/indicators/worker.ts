// Measures one library in a process of its own and writes the timings as JSON. `only`: this form alone.
import { benchData } from './data.ts'
import { handTasks, floorTasks } from './hand-tasks.ts'
import { measure, type Task } from './measure.ts'
import { ourTasks } from './ours.ts'
import { peerTasks } from './peers.mjs'

const [library = '', folder = '', candles = '1000000', samples = '7', only] = process.argv.slice(2)
const data = benchData(Number(candles))
const known: Readonly<Record<string, () => Task[]>> = {
  hand: () => handTasks(data),
  floor: () => floorTasks(data),
  '@millrace/indicators': () => ourTasks(data),
}
const tasks = known[library]?.() ?? peerTasks(library, folder, data)
for (const task of tasks.filter(({ form }) => only === undefined || form === only)) {
  // A peer that fails in one cell still counts in the others.
  try {
    console.log(JSON.stringify(measure(task, data.length, Number(samples))))
  } catch (error) {
    console.error(`${library} ${task.indicator}: ${String(error)}`)
  }
}
