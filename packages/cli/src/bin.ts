#!/usr/bin/env node
/**
 * Entry of the `millrace` command. It looks at the Node version before anything else is loaded: the store's native part
 * would end an older Node with a crash and no word.
 */
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < 22 || (major === 22 && minor < 18)) {
  process.stderr.write(`error: millrace needs Node 22.18 or newer; this is Node ${process.versions.node}\n`)
  process.exit(3)
}

const { main } = await import('./main.ts')
const exitCode = await main(process.argv.slice(2))
// What is still in the pipe goes out first; a handle that somebody forgot must not keep a finished command alive.
process.stdout.write('', () => process.exit(exitCode))
