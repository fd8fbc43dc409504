import { DiagnosisCode } from '../../domain/diagnosis/code.js'
import { diagnose } from '../../domain/diagnosis/diagnose.js'
import type { Failure } from '../../domain/failure.js'
import type { Finding } from '../../domain/finding.js'
import type { TableDefinition } from '../../domain/schema.js'
import type { CheckedTable, CheckRequest } from '../connector.js'
import type { ServiceMetadata } from '../http/csdl.js'
import { attempt, findingOfFailure } from '../http/find-failure.js'
import { queryOption } from '../http/odata.js'
import { getPage, readRecords, selectOf } from './rows.js'
import { describeSet, UnusableSetError } from './describe-table.js'
import type { ODataService } from './service.js'
import { pathOf } from './service.js'
import { isETag } from './wire.js'

export interface ServiceCheck {
  readonly service: ODataService
  readonly readClock: () => Promise<unknown>
  readonly metadata: () => Promise<ServiceMetadata>
}

/**
 * The way there and the sign-in, the metadata, then every set: that it is there with its key and with what the settings name, that it
 * can be read, has the fields of the mappings, and gives ETags where it is written.
 */
export async function checkService(
  context: ServiceCheck,
  request: CheckRequest,
): Promise<readonly Finding[]> {
  const reached = await attempt(context.readClock)
  if ('failure' in reached) return [findingOfFailure(reached.failure)]
  const described = await attempt(context.metadata)
  if ('failure' in described) return [findingOfFailure(described.failure)]
  const findings = await Promise.all(
    request.tables.map((checked) => checkSet(context.service, described.result, checked)),
  )
  return findings.flat()
}

async function checkSet(
  service: ODataService,
  metadata: ServiceMetadata,
  checked: CheckedTable,
): Promise<readonly Finding[]> {
  const { table } = checked
  if (!metadata.sets.has(table.name))
    return [diagnose(DiagnosisCode.tableMissing, { what: `The service has no entity set ${table.name}.` })]
  try {
    describeSet(metadata, table.name, service.settings.sets[table.name])
    return await checkReading(service, checked)
  } catch (error) {
    if (!(error instanceof UnusableSetError)) throw error
    return [diagnose(DiagnosisCode.settingsInvalid, { what: error.message })]
  }
}

async function checkReading(
  service: ODataService,
  { table, written }: CheckedTable,
): Promise<readonly Finding[]> {
  const address = `${service.url}/${pathOf(service, table)}?${selectOf(service, table, [])}&$top=1`
  const read = await attempt(async () => {
    const page = await getPage(service, service.send, address)
    return readRecords(service, table, [], page.rows)[0]
  })
  if ('failure' in read) return [findingOfFailure(read.failure)]
  const unasked = await checkStampQuestion(service, table)
  if (unasked !== null) return [unasked]
  if (read.result === undefined || isETag(read.result.version) || written.length === 0) return []
  return [withoutETags(table.name)]
}

/** Whether the service understands the question for changes since a moment. */
async function checkStampQuestion(service: ODataService, table: TableDefinition): Promise<Finding | null> {
  if (table.stampField === '') return null
  const tomorrow = new Date(service.now() + 86_400_000).toISOString()
  const filter = queryOption('$filter', `${table.stampField} ge ${tomorrow}`)
  const address = `${service.url}/${pathOf(service, table)}?${selectOf(service, table, [])}&${filter}&$top=1`
  const asked = await attempt(() => getPage(service, service.send, address))
  if ('result' in asked && asked.result.rows.length === 0) return null
  if ('failure' in asked && !isOfQuestion(asked.failure)) return findingOfFailure(asked.failure)
  return diagnose(DiagnosisCode.settingsInvalid, {
    what: `The service does not tell which records of ${table.name} were changed since a moment.`,
    cause: `It was asked for records with ${table.stampField} after tomorrow, and ${'failure' in asked ? `answered: ${asked.failure.message}` : 'gave one'}.`,
    remedy: `Take modifiedField of ${table.name} out of the settings: then every run reads all records and compares them.`,
  })
}

/** Whether a service that has just given records refuses what it was asked, rather than being away, busy, or not allowed to answer. */
function isOfQuestion({ errorClass, status }: Failure): boolean {
  // Services that do not know a filter often break on it.
  if (status === 500) return true
  return errorClass !== 'THROTTLED' && errorClass !== 'UNAVAILABLE' && errorClass !== 'PERMISSION'
}

function withoutETags(set: string): Finding {
  return diagnose(DiagnosisCode.etagMissing, {
    what: `The service gives no ETags for the entity set ${set}.`,
  })
}
