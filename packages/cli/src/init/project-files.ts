import type { GeneratedFile, PluginName } from '../new/template.ts'
import { strategyTemplate } from '../new/templates/strategy.ts'

/** The candles that come with a new project: made up, and the same for everybody. */
export const projectCandles = { folder: 'candles', pairs: ['BTC-USD', 'ETH-USD'], days: 30, timeframe: 300_000, seed: 7, from: Date.UTC(2026, 0, 1) } as const

export interface Project {
  /** Name of the package. */
  readonly name: string
  readonly strategy: PluginName
  /** Version of the command that makes the project. */
  readonly version: string
}

/** Every file of a new project but the candles. */
export function projectFiles(project: Project): readonly GeneratedFile[] {
  const { strategy } = project
  return [
    { path: 'package.json', text: json(manifest(project)) },
    { path: 'tsconfig.json', text: json(compiler) },
    { path: 'bots.json', text: json(bots(strategy)) },
    { path: `src/${strategy.id}.ts`, text: strategyTemplate.source(strategy) },
    { path: `src/${strategy.id}.test.ts`, text: strategyTemplate.test(strategy) },
    { path: 'README.md', text: readme(project) },
    { path: '.gitignore', text: 'node_modules\n*.db*\nreport.html\n' },
  ]
}

const json = (value: object): string => `${JSON.stringify(value, null, 2)}\n`

const manifest = ({ name, version }: Project): object => ({
  name,
  private: true,
  type: 'module',
  engines: { node: '>=22.18' },
  scripts: {
    backtest: 'millrace backtest bots.json --data candles --html report.html',
    paper: 'millrace run --config bots.json --market simulated --speed 60 --db paper.db',
    test: 'node --test "src/**/*.test.ts"',
    check: 'tsc && millrace config check bots.json && millrace check lookahead bots.json --data candles',
  },
  dependencies: { '@millrace/core': `^${version}`, '@millrace/indicators': `^${version}`, millrace: `^${version}`, zod: '^4.6.7' },
  devDependencies: { '@types/node': '^24.10.1', typescript: '^7.0.2' },
})

const compiler = {
  compilerOptions: {
    target: 'es2024',
    module: 'nodenext',
    strict: true,
    noEmit: true,
    // Node takes the types away and does nothing else.
    erasableSyntaxOnly: true,
    verbatimModuleSyntax: true,
    allowImportingTsExtensions: true,
    skipLibCheck: true,
    types: ['node'],
  },
  include: ['src'],
}

const bots = ({ id, camel }: PluginName): object => ({
  environment: 'paper',
  account: {
    cash: { USD: '1000' },
    fees: { maker: '0.005', taker: '0.009' },
    safety: [{ use: 'daily-loss', params: { limit: 50 } }, { use: 'max-exposure', params: { limit: 500 } }, 'balance'],
  },
  defaults: {
    timeframe: '15m',
    confirm: '15m',
    strategy: { use: `./src/${id}.ts#${camel}`, params: { period: 14, oversold: 35, trend: 100 } },
    actionThreshold: 0.5,
    sizing: { use: 'fixed', params: { quote: 50 } },
    exits: [
      { use: 'stop-loss', params: { fraction: 0.04 } },
      { use: 'take-profit', params: { fraction: 0.05 } },
    ],
    safety: [
      { use: 'stale-data', params: { maxAge: '31m' } },
      { use: 'cooldown', params: { duration: '2h' } },
    ],
  },
  bots: [
    { id: 'btc', instrument: 'BTC-USD' },
    { id: 'eth', instrument: 'ETH-USD' },
  ],
})

const readme = ({ name, strategy }: Project): string => `# ${name}

Trading bots with [Millrace](https://www.npmjs.com/package/millrace). The strategy is \`src/${strategy.id}.ts\`, what the bots do with it stands in \`bots.json\`.

| command | does |
|---|---|
| \`npm run backtest\` | runs the bots through \`candles/\` and writes \`report.html\`; the prices are made up |
| \`npm run paper\` | trades on paper at sixty times the clock, until Ctrl-C; \`npx millrace explain btc --db paper.db\` says why a bot does not trade |
| \`npm test\` | the conformance kit of the strategy, and whether it looks ahead |
| \`npm run check\` | types, the configuration, and whether the strategy looks ahead on the candles |

Prices of the real market, still on paper: \`npx millrace run --config bots.json --market coinbase\`. More plugins: \`npx millrace new --help\`.

No result on made-up prices says anything about a real market, and a round trip of two market orders costs 1.8 % at the default fees.
`
