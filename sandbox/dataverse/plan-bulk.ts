import { randomUUID } from 'node:crypto'
import type { ApiRequest } from '../common/answer.js'
import type { Plan } from '../common/executor.js'
import type { JsonObject } from '../common/json.js'
import { isObject, parseJson } from '../common/json.js'
import { badRequest, notImplemented } from './errors.js'
import type { BulkAction } from './route.js'
import type { DataverseTable } from './tables.js'
import type { Write } from './write.js'

import type { Operation } from './plan.js'
/** `CreateMultiple` and its kin: every target names its type, and all of them succeed or none. */
export function planBulk(request: ApiRequest, table: DataverseTable, action: BulkAction): Plan<Operation> {
  if (!table.creatable) throw notImplemented(`The sandbox does not serve '${action}' on '${table.name}'.`)
  const targets = readBody(request)['Targets']
  if (!Array.isArray(targets) || targets.length === 0)
    throw badRequest(`The parameter 'Targets' must be a list of records.`)
  const writes = targets.map((target): Write => {
    if (!isObject(target)) throw badRequest(`The parameter 'Targets' must be a list of records.`)
    if (
      target['@odata.type'] !== `Microsoft.Dynamics.CRM.${table.entity}` &&
      target['@odata.type'] !== `#Microsoft.Dynamics.CRM.${table.entity}`
    ) {
      throw badRequest(
        `Every record of 'Targets' must have the '@odata.type' 'Microsoft.Dynamics.CRM.${table.entity}'.`,
      )
    }
    const id = chosenId(table, target)
    if (target['@odata.id'] !== undefined) throw notImplemented('The sandbox has no alternate keys.')
    if (action === 'UpdateMultiple' && id === null)
      throw badRequest(`Every record of 'Targets' must have its '${table.key}'.`)
    const shared = { request, table, id: id ?? randomUUID(), body: target, select: undefined }
    switch (action) {
      case 'CreateMultiple':
        return { ...shared, kind: 'create', precondition: { kind: 'mustNotExist' } }
      case 'UpdateMultiple':
        return { ...shared, kind: 'save', precondition: { kind: 'mustExist' } }
      case 'UpsertMultiple':
        return { ...shared, kind: 'save', precondition: { kind: 'none' } }
    }
  })
  return {
    kind: 'write',
    group: `bulk ${randomUUID()}`,
    touches: null,
    write: { kind: 'bulk', action, request, writes },
  }
}

export function chosenId(table: DataverseTable, body: JsonObject): string | null {
  const value = body[table.key]
  if (value === undefined || value === null) return null
  if (typeof value !== 'string' || !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value)) {
    throw badRequest(`Cannot convert the value of '${table.key}' to the expected type 'Edm.Guid'.`)
  }
  return value.toLowerCase()
}

/** The JSON object of a body. Throws DataverseError. */
export function readBody(request: ApiRequest): JsonObject {
  try {
    const body = request.json ?? parseJson(request.body)
    if (isObject(body)) return body
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
  }
  throw badRequest('The body of the request must be a JSON object.')
}
