import type { ConflictDetail, ConflictField } from '../../domain/conflict.js'
import type { Direction, PassDirection } from '../../domain/mapping.js'
import type { Value } from '../../domain/value.js'
import type {
  ConflictDetailType,
  ConflictFieldType,
  ConflictStampsType,
  RecordVersionsType,
  SynchErrorFieldType,
} from './conflict.type.js'

export function conflictDetail(detail: ConflictDetail): ConflictDetailType {
  return {
    firstContact: detail.firstContact,
    versions: versionsOf(detail),
    stamps: stampsOf(detail),
    fields: detail.fields.map(conflictField),
  }
}

export function versionsOf(detail: ConflictDetail): RecordVersionsType {
  return { local: detail.localVersion, integration: detail.integrationVersion }
}

export function stampsOf(detail: ConflictDetail): ConflictStampsType {
  return {
    local: dateOf(detail.localStamp),
    integration: dateOf(detail.integrationStamp),
    lastSynchModifiedOn: dateOf(detail.coupledLocalStamp),
    lastSynchCrmModifiedOn: dateOf(detail.coupledIntegrationStamp),
    editedLast: detail.editedLast,
  }
}

export function conflictField(field: ConflictField): ConflictFieldType {
  return {
    name: field.name,
    localField: field.localField,
    integrationField: field.integrationField,
    localCaption: field.localCaption,
    integrationCaption: field.integrationCaption,
    // The domain copies it from the field mapping.
    direction: field.direction as Direction,
    hasBase: field.base !== null,
    base: textOf(field.base?.local ?? null),
    integrationBase: textOf(field.base?.integration ?? null),
    local: textOf(field.local),
    integration: textOf(field.integration),
    localChanged: field.localChanged,
    integrationChanged: field.integrationChanged,
    equal: field.equal,
  }
}

/** The same seen from a pass: source and destination instead of local and integration. */
export function errorField(field: ConflictField, pass: PassDirection): SynchErrorFieldType {
  const seen = conflictField(field)
  const toIntegration = pass === 'TO_INTEGRATION_TABLE'
  const local = {
    field: seen.localField,
    caption: seen.localCaption,
    base: seen.base,
    value: seen.local,
    changed: seen.localChanged,
  }
  const integration = {
    field: seen.integrationField,
    caption: seen.integrationCaption,
    base: seen.integrationBase,
    value: seen.integration,
    changed: seen.integrationChanged,
  }
  const [source, destination] = toIntegration ? [local, integration] : [integration, local]
  return {
    name: seen.name,
    sourceField: source.field,
    destinationField: destination.field,
    sourceCaption: source.caption,
    destinationCaption: destination.caption,
    base: source.base,
    destinationBase: destination.base,
    hasBase: seen.hasBase,
    source: source.value,
    destination: destination.value,
    sourceChanged: source.changed,
    destinationChanged: destination.changed,
    equal: seen.equal,
  }
}

/** Values stay text, whatever they are: a number never passes through a JavaScript number. */
function textOf(value: Value): string | null {
  return value === null ? null : String(value)
}

function dateOf(epochMilliseconds: number | null): Date | null {
  return epochMilliseconds === null ? null : new Date(epochMilliseconds)
}
