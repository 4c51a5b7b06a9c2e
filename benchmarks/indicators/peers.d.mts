import type { BenchData } from './data.ts'
import type { Task } from './measure.ts'

export declare const peers: Readonly<Record<string, string>>
export declare const peerTasks: (name: string, folder: string, data: BenchData) => Task[]
