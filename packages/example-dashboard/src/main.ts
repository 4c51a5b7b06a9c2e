import { fileURLToPath } from 'node:url'
import { runBots } from 'millrace'
import { operations } from './operations.ts'
import { isCounted } from './server/api/services.ts'
import { startDashboard } from './server/serve.ts'

// `npm start`: the eleven bots of bots.json through the runner of the command line, which reads the flags, prints and stops; only the page is added here.
process.exitCode = await runBots(
  process.argv.slice(2),
  {
    commandName: 'npm start --',
    async onEngine(engine, info) {
      const { settings, storePath, market } = info
      const print = (line: string): void => info.print(line)
      const watched = operations(process.env, print)
      const tokenFile = storePath === ':memory:' ? undefined : `${storePath}.token`
      const dashboard = await startDashboard({
        engine,
        port: settings.port,
        tokenFile,
        market: isCounted(market) ? market : undefined,
        logs: watched.logs,
        metrics: watched.metrics,
        onError(error) {
          const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
          watched.logger.error(`page: ${text}`)
          print(`page: ${text}`)
        },
      })
      watched.keepSecret(Object.values(dashboard.tokens))
      watched.watch(engine)
      if (tokenFile !== undefined) print(`the page asks for the token in ${tokenFile}; the link below signs one browser in`)
      return {
        url: dashboard.link,
        async close() {
          watched.close()
          await dashboard.close()
        },
      }
    },
  },
  { config: fileURLToPath(new URL('../bots.json', import.meta.url)) },
)
