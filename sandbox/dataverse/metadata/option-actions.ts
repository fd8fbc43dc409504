import type { Answer, ApiRequest } from '../../common/answer.js'
import { emptyAnswer, jsonAnswer } from '../../common/answer.js'
import type { Json, JsonObject } from '../../common/json.js'
import { JsonNumber, isObject } from '../../common/json.js'
import { assertNever } from '../../common/table.js'
import { badRequest, notImplemented } from '../errors.js'
import type { OptionSets } from '../options.js'
import { SERVICE_ROOT } from '../route.js'
import type { OptionAction } from './option-action.js'

/** Adds, renames or removes an option of a choice. Throws DataverseError. */
export async function runOptionAction(
  action: OptionAction,
  body: JsonObject,
  request: ApiRequest,
  optionSets: OptionSets,
): Promise<Answer> {
  if ((body['OptionSetName'] ?? null) !== null)
    throw notImplemented('The sandbox has no global option sets; name a table and its column.')
  const entity = textOf(body, 'EntityLogicalName')
  const attribute = textOf(body, 'AttributeLogicalName')
  const value = numberOf(body, 'Value')
  switch (action) {
    case 'InsertOptionValue': {
      const chosen = await optionSets.insert(entity, attribute, value, labelIn(body))
      const answer = {
        '@odata.context': `${request.origin}${SERVICE_ROOT}/$metadata#Microsoft.Dynamics.CRM.InsertOptionValueResponse`,
        NewOptionValue: chosen,
      }
      return jsonAnswer(200, JSON.stringify(answer), { 'odata-version': '4.0' })
    }
    case 'UpdateOptionValue':
      if (typeof body['MergeLabels'] !== 'boolean') throw missing('MergeLabels')
      await optionSets.rename(entity, attribute, required(value), labelIn(body))
      return emptyAnswer(204, { 'odata-version': '4.0' })
    case 'DeleteOptionValue':
      await optionSets.remove(entity, attribute, required(value))
      return emptyAnswer(204, { 'odata-version': '4.0' })
    default:
      return assertNever(action)
  }
}

function textOf(body: JsonObject, name: string): string {
  const value = body[name]
  if (typeof value !== 'string' || value === '') throw missing(name)
  return value
}

function numberOf(body: JsonObject, name: string): number | null {
  const value = body[name] ?? null
  if (value === null) return null
  if (!(value instanceof JsonNumber) || !/^-?\d+$/.test(value.source))
    throw badRequest(`Cannot convert the value of '${name}' to the expected type 'Edm.Int32'.`)
  return Number(value.source)
}

function required(value: number | null): number {
  if (value === null) throw missing('Value')
  return value
}

/** The text of a Label in the organisation's language. */
function labelIn(body: JsonObject): string {
  const label: Json | undefined = body['Label']
  const localized = isObject(label) ? label['LocalizedLabels'] : undefined
  const texts = Array.isArray(localized) ? localized.filter(isObject) : []
  const english = texts.find(
    (text) => text['LanguageCode'] instanceof JsonNumber && text['LanguageCode'].source === '1033',
  )
  const text = english?.['Label']
  if (typeof text !== 'string' || text === '') throw missing('Label')
  return text
}

function missing(name: string): Error {
  return badRequest(`The parameter '${name}' is required.`)
}
