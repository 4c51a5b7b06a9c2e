import { defineConfig } from 'tsup'
import { packageBuild } from '../../tsup.base.ts'

// The command is an ES module only: it waits for the Node version check before it loads the rest.
export default defineConfig([
  // A thread is started from the file beside the bundle: CommonJS needs to be told where that is.
  { ...packageBuild({ index: 'src/index.ts' }), shims: true },
  {
    ...packageBuild({ bin: 'src/bin.ts', 'trial-thread': 'src/optimize/trial-thread.ts', 'watchdog-worker': 'src/watchdog/watchdog-worker.ts' }),
    format: 'esm',
    dts: false,
  },
])
