import { simulate } from '@millrace/core/testing'

// Run by same-bytes.scenario.ts on one Node after the other: what it prints is to be the same.
const [seeds, firstSeed, minutes] = process.argv.slice(2).map(Number) as [number, number, number]
const { hash } = await simulate({ seeds, firstSeed, minutes })
console.log(`${process.version} ${hash}`)
