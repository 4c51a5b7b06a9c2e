export { sampleJournal } from '../../core/src/testing/sample-journal.ts'
export { storeContract } from '../../core/src/testing/store-contract.ts'
