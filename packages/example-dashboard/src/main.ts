import { fileURLToPath } from 'node:url'
import { runBots } from 'millrace'
import { startDashboard } from './server/serve.ts'

// `npm start`: the eleven bots of bots.json through the runner of the command line, which reads the flags, prints and stops; only the page is added here.
process.exitCode = await runBots(
  process.argv.slice(2),
  {
    commandName: 'npm start --',
    onEngine: (engine, info) =>
      startDashboard({
        engine,
        port: info.settings.port,
        onError: (error) => info.print(`page: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`),
      }),
  },
  { config: fileURLToPath(new URL('../bots.json', import.meta.url)) },
)
