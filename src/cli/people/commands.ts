import { Argument, InvalidArgumentError, Option, type Command } from 'commander'
import type { Config } from '../../config.js'
import { Role } from '../../domain/role.js'

const ROLES = Object.values(Role).map((role) => role.toLowerCase())
const meant = (word: string): Role => word.toUpperCase() as Role

/** `accord sign-in`, `accord tokens ...`, `accord users ...`: who may use Accord. */
export function addPeopleCommands(program: Command, readConfig: () => Config): void {
  program
    .command('sign-in')
    .description('show a link that signs a browser on this machine in as administrator, once')
    .action(async () => {
      const { runSignIn } = await import('./sign-in.js')
      await runSignIn(readConfig())
    })
  addTokensCommands(program, readConfig)
  addUsersCommands(program, readConfig)
}

function addTokensCommands(program: Command, readConfig: () => Config): void {
  const tokens = program.command('tokens').description('access tokens for programs: list, create, revoke')
  tokens
    .command('list')
    .description('list the tokens that let somebody in')
    .option('--all', 'also revoked and expired ones')
    .option('--json', 'write JSON')
    .action(async (words: { readonly all?: true; readonly json?: true }) => {
      const { runTokensList } = await import('./tokens.js')
      await runTokensList(readConfig(), { all: words.all === true, json: words.json === true })
    })
  tokens
    .command('create')
    .description('make a token; it is shown this once')
    .argument('<name>', 'what it is for; what is done with it is recorded under this name')
    .addOption(new Option('--role <role>', 'what it may do').choices(ROLES).default('viewer'))
    .option('--connection <name>', 'the only connection that it may be used for')
    .option('--days <number>', 'days until it expires; 0: it does not', wholeNumber, 90)
    .option('--json', 'write JSON')
    .action(
      async (
        name: string,
        words: {
          readonly role: string
          readonly connection?: string
          readonly days: number
          readonly json?: true
        },
      ) => {
        const { runTokensCreate } = await import('./tokens.js')
        await runTokensCreate(readConfig(), name, {
          role: meant(words.role),
          connection: words.connection ?? null,
          days: words.days === 0 ? null : words.days,
          json: words.json === true,
        })
      },
    )
  tokens
    .command('revoke')
    .description('let nobody in with a token any more')
    .argument('<name>', 'name of the token')
    .action(async (name: string) => {
      const { runTokensRevoke } = await import('./tokens.js')
      await runTokensRevoke(readConfig(), name)
    })
}

function addUsersCommands(program: Command, readConfig: () => Config): void {
  const users = program
    .command('users')
    .description('people who sign in at the provider: list, role, disable, enable')
  users
    .command('list')
    .description('list everybody who has signed in')
    .option('--json', 'write JSON')
    .action(async (words: { readonly json?: true }) => {
      const { runUsersList } = await import('./users.js')
      await runUsersList(readConfig(), { json: words.json === true })
    })
  users
    .command('role')
    .description('give somebody a role, whatever the provider says')
    .argument('<user>', 'id, or e-mail that the provider vouches for')
    .addArgument(
      new Argument('<role>', 'provider: what its claims say counts again').choices([...ROLES, 'provider']),
    )
    .action(async (user: string, role: string) => {
      const { runUsersRole } = await import('./users.js')
      await runUsersRole(readConfig(), user, role === 'provider' ? null : meant(role))
    })
  for (const verb of ['disable', 'enable'] as const)
    users
      .command(verb)
      .description(verb === 'disable' ? 'let somebody in no more, at once' : 'let somebody sign in again')
      .argument('<user>', 'id, or e-mail that the provider vouches for')
      .action(async (user: string) => {
        const { runUsersDisable, runUsersEnable } = await import('./users.js')
        await (verb === 'disable' ? runUsersDisable : runUsersEnable)(readConfig(), user)
      })
}

function wholeNumber(text: string): number {
  if (!/^\d{1,4}$/.test(text)) throw new InvalidArgumentError('Expected a whole number.')
  return Number(text)
}
