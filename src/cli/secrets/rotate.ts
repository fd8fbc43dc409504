import { existsSync } from 'node:fs'
import type { Client } from 'pg'
import { channelSecretPlace } from '../../alerts/deliver-alerts.js'
import type { Config } from '../../config.js'
import { withSecrets } from '../../connectors/secret-members.js'
import type { SystemSettings } from '../../persistence/entities/connection.js'
import { SecretError } from '../../secrets.js'
import { readKeyRing, secretKeyFile, type KeyRing } from '../../secrets/key-ring.js'
import { decryptSecret, encryptSecret, keptAs } from '../../secrets/stored-secret.js'
import { ExpectedError } from '../exit-codes.js'
import { printLine } from '../output.js'
import { withState } from '../state-access.js'
import { addSecretKey, forgetPreviousKeys } from './key-file.js'

interface ConnectionRow {
  readonly id: string
  readonly name: string
  readonly local_system: SystemSettings
  readonly integration_system: SystemSettings
}

/**
 * Encrypts all stored secrets with the key in use, in one transaction: all or none. With the data folder's own key a new one is made
 * first; the old one is forgotten when nothing needs it any more. Safe to repeat after a crash.
 * @throws ExpectedError that names the connections whose secrets cannot be read
 */
export async function runRotate(config: Config): Promise<void> {
  const file = secretKeyFile(config.dataDirectory)
  const own = config.secrets.key === null && existsSync(file)
  const count = await withState(config, 'read', async (client) => {
    // The new key is known to every process before the first secret needs it.
    if (own) await addSecretKey(file)
    return encryptAnew(client, readKeyRing(config))
  })
  if (own) await forgetPreviousKeys(file)
  const secrets = `${count} stored ${count === 1 ? 'secret' : 'secrets'}`
  printLine(`Encrypted ${secrets} with the key ${readKeyRing(config).current.id}.`)
  if (config.secrets.previousKeys !== null) {
    printLine('Nothing needs the keys of ACCORD_SECRET_KEY_PREVIOUS any more: remove them.')
  }
}

async function encryptAnew(client: Client, ring: KeyRing): Promise<number> {
  await client.query('begin')
  try {
    const { rows } = await client.query<ConnectionRow>(
      'select id, name, local_system, integration_system from connection order by name for update',
    )
    const troubles: string[] = []
    let count = 0
    for (const row of rows) {
      const systems = [
        ['LOCAL', row.local_system],
        ['INTEGRATION', row.integration_system],
      ] as const
      const changed = systems.map(([side, { kind, settings }]) => ({
        kind,
        settings: withSecrets(settings, (kept, member) => {
          if (keptAs(kept) !== 'STORED') return kept
          const place = { connectionId: row.id, side, member }
          try {
            const secret = decryptSecret(kept, ring, place)
            count += 1
            return encryptSecret(secret, ring, place)
          } catch (error) {
            if (!(error instanceof SecretError)) throw error
            troubles.push(`${row.name}: ${error.message}`)
            return kept
          }
        }),
      }))
      await client.query('update connection set local_system = $2, integration_system = $3 where id = $1', [
        row.id,
        ...changed.map((system) => JSON.stringify(system)),
      ])
    }
    count += await encryptChannelsAnew(client, ring, troubles)
    if (troubles.length > 0) throw new ExpectedError(`Nothing was changed.\n${troubles.join('\n')}`)
    await client.query('commit')
    return count
  } catch (error) {
    await client.query('rollback')
    throw error
  }
}

/** Secrets of the channels of alerts; `troubles`: those that cannot be read are added. Returns how many were encrypted anew. */
async function encryptChannelsAnew(client: Client, ring: KeyRing, troubles: string[]): Promise<number> {
  const { rows } = await client.query<{
    readonly id: string
    readonly name: string
    readonly secret: string | null
  }>('select id, name, secret from alert_channel order by name for update')
  let count = 0
  for (const { id, name, secret } of rows) {
    if (secret === null || keptAs(secret) !== 'STORED') continue
    const place = channelSecretPlace(id)
    try {
      const anew = encryptSecret(decryptSecret(secret, ring, place), ring, place)
      await client.query('update alert_channel set secret = $2 where id = $1', [id, anew])
      count += 1
    } catch (error) {
      if (!(error instanceof SecretError)) throw error
      troubles.push(`Alert channel ${name}: ${error.message}`)
    }
  }
  return count
}
