import { Command, InvalidArgumentError, Option } from 'commander'
import type { DirectoryUser } from './common/directory.js'
import type { RunningSandbox, StartSwitch } from './sandbox.js'
import { startSandbox } from './sandbox.js'

interface Arguments {
  readonly businessCentralDatabaseUrl: string
  readonly dataverseDatabaseUrl: string
  readonly businessCentralPort: number
  readonly dataversePort: number
  readonly clientId: string
  readonly clientSecret: string
  readonly tokenLifetime?: number
  readonly demo?: boolean
  readonly customers?: number
  readonly switch?: StartSwitch[]
  readonly user?: DirectoryUser[]
}

const DEFAULT_CLIENT_ID = 'c0ffee00-acc0-4d00-8000-5a4d0b0c0001'

const program = new Command('accord-sandbox')
  .description('Business Central and Dataverse for trying Accord: two HTTP servers on this computer.')
  .addOption(
    new Option(
      '--business-central-database-url <url>',
      'PostgreSQL database of Business Central, created if missing',
    )
      .env('SANDBOX_BUSINESS_CENTRAL_DATABASE_URL')
      .makeOptionMandatory(),
  )
  .addOption(
    new Option('--dataverse-database-url <url>', 'PostgreSQL database of Dataverse, created if missing')
      .env('SANDBOX_DATAVERSE_DATABASE_URL')
      .makeOptionMandatory(),
  )
  .option('--business-central-port <port>', 'port, 0 for any free one', port, 0)
  .option('--dataverse-port <port>', 'port, 0 for any free one', port, 0)
  .addOption(
    new Option('--client-id <id>', 'client that may ask for tokens')
      .env('SANDBOX_CLIENT_ID')
      .default(DEFAULT_CLIENT_ID),
  )
  .addOption(
    new Option('--client-secret <secret>', 'its secret').env('SANDBOX_CLIENT_SECRET').makeOptionMandatory(),
  )
  .option('--token-lifetime <seconds>', 'life of a token', count)
  .option('--demo', 'fill empty databases with the demo companies')
  .option('--customers <number>', 'fill empty databases with generated customers instead', count)
  .option(
    '--switch <switch>',
    `one of the sandbox's own switches, set from the start: 'dataverse permissions {"roles":[]}'; may be repeated`,
    startSwitch,
  )
  .option(
    '--user <name:password>',
    'an account that may sign in with this password, which is its web service key, too; may be repeated',
    user,
  )
  .parse()

function port(text: string): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 0 || value > 65535)
    throw new InvalidArgumentError('A port is a whole number from 0 to 65535.')
  return value
}

function startSwitch(text: string, before: readonly StartSwitch[] = []): StartSwitch[] {
  const [, named, name = '', json = ''] = /^(business-central|dataverse) ([\w-]+) (.+)$/s.exec(text) ?? []
  if (named === undefined)
    throw new InvalidArgumentError('A switch is written as: business-central|dataverse NAME {JSON}.')
  try {
    const body = JSON.parse(json) as object
    return [...before, { system: named === 'dataverse' ? 'dataverse' : 'businessCentral', name, body }]
  } catch (error) {
    if (error instanceof SyntaxError) throw new InvalidArgumentError(error.message)
    throw error
  }
}

function user(text: string, before: readonly DirectoryUser[] = []): DirectoryUser[] {
  const [, username, password] = /^([^:]+):(.+)$/s.exec(text) ?? []
  if (username === undefined || password === undefined)
    throw new InvalidArgumentError('A user is written as: NAME:PASSWORD.')
  return [...before, { username, password, webServiceKey: password }]
}

function count(text: string): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 0) throw new InvalidArgumentError('A whole number is needed.')
  return value
}

/** Ends once, whatever asks for it first: a signal, or the end of the process that started this one. */
function endWith(sandbox: RunningSandbox): void {
  let ending = false
  const end = (): void => {
    if (ending) return
    ending = true
    sandbox.close().then(
      () => process.exit(0),
      (error: unknown) => fail(error),
    )
  }
  process.on('SIGTERM', end)
  process.on('SIGINT', end)
  process.on('disconnect', end)
}

function fail(error: unknown): never {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exit(1)
}

try {
  const options = program.opts<Arguments>()
  const sandbox = await startSandbox({
    ...options,
    demo: options.demo ?? false,
    switches: options.switch ?? [],
    users: options.user ?? [],
  })
  endWith(sandbox)
  const { businessCentral, dataverse, close: _close, ...rest } = sandbox
  const ready = {
    ready: true,
    ...rest,
    businessCentral: {
      url: businessCentral.url,
      origin: businessCentral.origin,
      companyId: businessCentral.companyId,
    },
    dataverse: { url: dataverse.url, origin: dataverse.origin },
  }
  // A supervisor hears it by message; its log must not hold secrets.
  if (process.send) process.send(ready)
  else process.stdout.write(`${JSON.stringify(ready)}\n`)
} catch (error) {
  fail(error)
}
