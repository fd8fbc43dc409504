import type { Connection, SystemSettings } from '../../persistence/entities/connection.js'
import type { Mapping } from '../../persistence/entities/mapping.js'
import { withoutSecrets } from '../connection/plan-system.js'
import type { SettingsKeeper } from '../connection/settings-keeper.js'
import { toDocument } from '../mapping/document/mapping-document.js'

/** A mapping as the audit log shows it. Taken now: the entity may change afterwards. */
export function shownMapping(mapping: Mapping): object {
  return {
    ...toDocument(mapping.definition),
    version: mapping.version,
    toWatermark: mapping.toWatermark ?? null,
    fromWatermark: mapping.fromWatermark ?? null,
    pausedAt: mapping.pausedAt ?? null,
  }
}

/** A connection as the audit log shows it: of its secrets no more than when each was entered. */
export function shownConnection(keeper: SettingsKeeper, connection: Connection): object {
  const system = ({ kind, settings }: SystemSettings): object => ({
    kind,
    settings: withoutSecrets(keeper, settings),
  })
  return {
    name: connection.name,
    version: connection.version,
    localSystem: system(connection.localSystem),
    integrationSystem: system(connection.integrationSystem),
    // Not by a name that would have it hidden.
    entered: Object.entries(connection.secretsSetAt).map(([member, at]) => `${member} at ${at}`),
    disabledAt: connection.disabledAt ?? null,
    forcedReason: connection.forcedReason ?? null,
    pausedAt: connection.pausedAt ?? null,
  }
}
