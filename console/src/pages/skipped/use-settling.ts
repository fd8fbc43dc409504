import { useNavigate } from 'react-router'
import { useQuery } from 'urql'
import { useNotify } from '../../shared/toasts.js'
import { useAction } from '../../shared/use-action.js'
import type { Compared } from './choices.js'
import {
  AlikeCountDocument,
  ResolveDocument,
  StartSettlementDocument,
  type FieldChoice,
  type SettleResultFragment,
} from './generated/graphql.js'
import type { SkippedRecord } from './settled-records.js'

/** Of more than so many nobody waits for the end: they are settled by an action that can be followed and stopped. */
const MOST_AT_ONCE = 500

export interface Settling {
  /** Other records that are alike; not exact: more than so many. */
  readonly alike: { readonly count: number; readonly isExact: boolean }
  readonly busy: boolean
  settle(fields: readonly FieldChoice[], forAlike: boolean): Promise<void>
}

/** Carries out what was chosen, for the record alone or for all that are alike. `take`: what became of them, where that was waited for. */
export function useSettling(
  record: SkippedRecord,
  { versions }: Compared,
  take: (results: readonly SettleResultFragment[]) => void,
): Settling {
  const { act, busy } = useAction()
  const notify = useNotify()
  const navigate = useNavigate()
  const [{ data }] = useQuery({ query: AlikeCountDocument, variables: { id: record.id } })
  const { totalCount = 1, totalCountIsExact = true } = data?.skippedSynchRecords ?? {}
  const alike = { count: totalCount - 1, isExact: totalCountIsExact }

  async function settleMany(fields: readonly FieldChoice[]): Promise<void> {
    const started = await act(StartSettlementDocument, {
      input: { action: 'KEEP_FIELDS', fields, filter: { alikeTo: record.id } },
    })
    if (started === null) return
    const result = started.startBulkSettlement
    if (result.__typename === 'BulkActionRefused') notify({ intent: 'warning', title: result.message })
    else {
      const { name, connection } = record.mapping
      const place = { connection: connection.name, mapping: name, action: result.bulkAction.id }
      void navigate(`/skipped?${new URLSearchParams(place)}`)
    }
  }

  async function settle(fields: readonly FieldChoice[], forAlike: boolean): Promise<void> {
    if (forAlike && alike.count > MOST_AT_ONCE) return settleMany(fields)
    const { local = null, integration = null } = versions
    const settled = await act(ResolveDocument, {
      fields,
      ...(forAlike ? { filter: { alikeTo: record.id } } : { ids: [record.id] }),
      seen: [{ id: record.id, local, integration }],
    })
    if (settled !== null) take(settled.resolveSkippedSynchRecords)
  }
  return { alike, busy, settle }
}
