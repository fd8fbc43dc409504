import type { Command } from 'commander'
import type { Config } from '../../config.js'

interface Words {
  readonly json?: true
  readonly local: string
  readonly integration: string
  readonly set?: readonly string[]
  readonly unset?: readonly string[]
  readonly secret?: readonly string[]
  readonly defaultMappings?: true
  readonly rename?: string
  readonly allowOtherSystem?: true
  readonly yes?: true
  readonly force?: string
  readonly connection?: readonly string[]
  readonly output?: string
  readonly dryRun?: true
}

const SET = [
  '--set <setting...>',
  'local.url=https://..., integration.signIn.clientId=...; a secret only as env:NAME or file:PATH',
] as const
const SECRET = [
  '--secret <setting...>',
  'local.signIn.clientSecret: asked for unseen, or read from the input (several: YAML, "NAME: secret" a line)',
] as const
const OTHER_SYSTEM = [
  '--allow-other-system',
  'although there are couplings: the same records have moved to another address, company or database',
] as const

/** `accord connections ...`: the systems that are kept in agreement, and how Accord signs in to them. */
export function addConnectionsCommands(program: Command, readConfig: () => Config): void {
  const connections = program
    .command('connections')
    .description('connections between systems: list, show, add, set, enable, disable, remove, export, apply')

  connections
    .command('list')
    .description('list the connections')
    .option('--json', 'write JSON')
    .action(async (words: Words) => {
      const { runList } = await import('./list.js')
      await runList(readConfig(), { json: words.json === true })
    })

  connections
    .command('show')
    .description('show the settings of a connection, without its secrets')
    .argument('<name>', 'name of the connection')
    .option('--json', 'write JSON')
    .action(async (name: string, words: Words) => {
      const { runShow } = await import('./list.js')
      await runShow(readConfig(), name, { json: words.json === true })
    })

  connections
    .command('add')
    .description('make a connection; it starts disabled')
    .argument('<name>', 'name of the connection')
    .requiredOption('--local <kind>', 'kind of the local system: business-central, postgresql, odata, ...')
    .requiredOption('--integration <kind>', 'kind of the other system: dataverse, postgresql, odata, ...')
    .option(...SET)
    .option(...SECRET)
    .option(
      '--default-mappings',
      "make Business Central's default mappings, for Business Central with Dataverse",
    )
    .action(async (name: string, words: Words) => {
      const { runAdd } = await import('./edit.js')
      await runAdd(readConfig(), name, {
        local: words.local,
        integration: words.integration,
        set: words.set ?? [],
        secret: words.secret ?? [],
        defaultMappings: words.defaultMappings === true,
      })
    })

  connections
    .command('set')
    .description('change settings or secrets of a connection; the others stay')
    .argument('<name>', 'name of the connection')
    .option(...SET)
    .option('--unset <setting...>', 'settings that get their default: local.proxy')
    .option(...SECRET)
    .option('--rename <name>', 'a new name')
    .option(...OTHER_SYSTEM)
    .action(async (name: string, words: Words) => {
      const { runSet } = await import('./edit.js')
      await runSet(readConfig(), name, {
        set: words.set ?? [],
        unset: words.unset ?? [],
        secret: words.secret ?? [],
        rename: words.rename ?? null,
        allowOtherSystem: words.allowOtherSystem === true,
      })
    })

  connections
    .command('enable')
    .description('check a connection, and enable it where nothing keeps it from working')
    .argument('<name>', 'name of the connection')
    .option('--force <reason>', 'enable it without a check; the connection keeps the reason')
    .action(async (name: string, words: Words) => {
      const { runEnable } = await import('./edit.js')
      await runEnable(readConfig(), name, words.force ?? null)
    })

  connections
    .command('disable')
    .description('let nothing of a connection write any more; plans and checks go on')
    .argument('<name>', 'name of the connection')
    .action(async (name: string) => {
      const { runDisable } = await import('./edit.js')
      await runDisable(readConfig(), name)
    })

  connections
    .command('remove')
    .description('delete a disabled connection with its mappings and couplings; records stay in both systems')
    .argument('<name>', 'name of the connection')
    .option('--yes', 'do it; without it, only tell what would be deleted')
    .action(async (name: string, words: Words) => {
      const { runRemove } = await import('./edit.js')
      await runRemove(readConfig(), name, words.yes === true)
    })

  connections
    .command('export')
    .description('write connections as commented YAML without secrets, to the screen unless -o names a place')
    .option('--connection <name...>', 'these alone; without it, all')
    .option('-o, --output <place>', 'a folder, for a file each, or one file that ends in .yaml')
    .action(async (words: Words) => {
      const { runExport } = await import('./files.js')
      await runExport(readConfig(), words.connection ?? [], words.output ?? null)
    })

  connections
    .command('apply')
    .description('make connections what the files say, all of them or none; new ones start disabled')
    .argument('<files...>', 'YAML files of connections')
    .option(SECRET[0], `CONNECTION.${SECRET[1]}`)
    .option(...OTHER_SYSTEM)
    .option('--dry-run', 'tell what would be done, and do nothing')
    .action(async (files: readonly string[], words: Words) => {
      const { runApply } = await import('./files.js')
      await runApply(readConfig(), files, {
        secret: words.secret ?? [],
        dryRun: words.dryRun === true,
        allowOtherSystem: words.allowOtherSystem === true,
      })
    })
}
