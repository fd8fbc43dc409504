import { acknowledge } from '../../persistence/alerts.js'
import type { ApiContext } from '../context.js'
import { apiError, ErrorCode } from '../errors.js'
import { alertRows } from './alert-rows.js'
import type { AlertType } from './alert.type.js'

/** Says that the asker looks after an alert; who said so first stays. Throws NOT_FOUND. */
export async function acknowledgeAlert({ em, principal, audit }: ApiContext, id: string): Promise<AlertType> {
  const [before] = await alertRows(em, [id])
  await acknowledge(em.fork(), id, principal.name)
  const [after] = await alertRows(em, [id])
  if (before === undefined || after === undefined)
    throw apiError(ErrorCode.notFound, `There is no alert ${id}; it may have been removed with its rule.`)
  audit.changed({ kind: 'alert', id, name: after.subject, before, after })
  return after
}
