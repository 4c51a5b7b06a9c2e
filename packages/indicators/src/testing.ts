export { type ContractCase, indicatorContract, type Laws, type Memory, type PerOutput, type Subject } from './testing/contract.ts'
export { flat, random, rising, rough, type TestColumns, walk } from './testing/series.ts'
