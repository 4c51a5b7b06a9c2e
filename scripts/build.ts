import { buildPackages } from './lib/build.ts'

await buildPackages((line) => console.log(line))
