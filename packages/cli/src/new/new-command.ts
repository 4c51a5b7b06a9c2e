import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Command, Option } from 'commander'
import type { CommandContext } from '../command-line.ts'
import { pluginName } from './plugin-name.ts'
import type { Template } from './template.ts'
import { templates } from './templates.ts'
import { writeNewFiles } from './write-files.ts'

interface NewFlags {
  readonly dir?: string
  readonly json?: true
}

/** Makes `millrace new` with one subcommand for each kind of plugin. */
export function newCommand(context: CommandContext): Command {
  const command = new Command('new')
    .summary('a plugin of your own, with its test')
    .description('Writes a plugin that works, to be changed, and a test that runs its conformance kit. Nothing that is there is written over.')
  for (const template of templates) command.addCommand(kindCommand(template, context))
  return command
}

const kindTexts: Readonly<Record<string, string>> = { indicator: 'an indicator', exit: 'an exit rule', safety: 'a safety rule', adapter: 'a market adapter' }
const kindText = (kind: string): string => kindTexts[kind] ?? `a ${kind}`

function kindCommand(template: Template, { terminal }: CommandContext): Command {
  return new Command(template.kind)
    .summary(`${kindText(template.kind)}: ${template.summary}`)
    .description(`Writes ${kindText(template.kind)} and its test (node --test): ${template.summary}.`)
    .argument('<name>', 'its id, as in dip-buyer; the export is dipBuyer')
    .addOption(new Option('--dir <folder>', 'where to (default: src when it is there, else here)'))
    .addOption(new Option('--json', 'the result as one JSON object on stdout: { kind, files, use }'))
    .action((id: string, flags: NewFlags) => {
      const name = pluginName(id)
      const dir = flags.dir ?? (existsSync('src') ? 'src' : '.')
      const files = [
        { path: `${id}.ts`, text: template.source(name) },
        { path: `${id}.test.ts`, text: template.test(name) },
      ]
      writeNewFiles(dir, files)
      const paths = files.map(({ path }) => join(dir, path))
      const use = template.use(name, `./${paths[0]!}`)
      if (flags.json) terminal.out.write(`${JSON.stringify({ kind: template.kind, files: paths, use })}\n`)
      else terminal.out.write(`${paths.map((path) => `written: ${path}`).join('\n')}\n\ntry it:  node --test ${paths[1]!}\nuse it:  ${use}\n`)
    })
}
