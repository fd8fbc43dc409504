import type { Command } from 'commander'
import type { Config } from '../config.js'

/** `accord secrets rotate`: the key for stored secrets. */
export function addSecretsCommands(program: Command, readConfig: () => Config): void {
  program
    .command('secrets')
    .description('the key that encrypts the secrets of connections')
    .command('rotate')
    .description(
      'encrypt every stored secret anew: with a new key of the data folder, or with the one of ACCORD_SECRET_KEY',
    )
    .addHelpText(
      'after',
      `
Run it where the database is. With ACCORD_SECRET_KEY: set the new key there and the old one in ACCORD_SECRET_KEY_PREVIOUS, for
the API and every worker; start them again; rotate; then remove the old key.`,
    )
    .action(async () => {
      const { runRotate } = await import('./secrets/rotate.js')
      await runRotate(readConfig())
    })
}
