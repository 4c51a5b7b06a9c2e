export { durationMs } from './model/time.ts'
