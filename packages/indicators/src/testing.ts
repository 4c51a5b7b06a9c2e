export { type ContractCase, indicatorContract, type Memory, type Subject } from './testing/contract.ts'
export type { Laws, PerOutput } from './testing/laws.ts'
export { flat, random, rising, rough, type TestColumns, walk } from './testing/series.ts'
