import { makeStyles, Text, tokens } from '@fluentui/react-components'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useQuery } from 'urql'
import { failureOf } from '../../api/failure.js'
import { ConfirmDialog } from '../../shared/confirm-dialog.js'
import { ErrorState, LoadingState } from '../../shared/states.js'
import { offeredPairs, takenPairs, type Choices } from './create/new-draft.js'
import { PairList } from './create/pair-list.js'
import { EMPTY_FIELD, type FieldDocument } from './document.js'
import { SuggestedFieldsDocument } from './generated/graphql.js'
import type { Draft, Mapping } from './use-draft.js'
import type { Tables } from './use-tables.js'

const useStyles = makeStyles({
  content: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalM },
})

export interface SuggestionsDialogProps {
  readonly mapping: Mapping
  readonly draft: Draft
  readonly tables: Tables
  onAdd(fields: readonly FieldDocument[]): void
  onClose(): void
}

/** Pairs of fields that seem to belong together and are not mapped yet. */
export function SuggestionsDialog({
  mapping,
  draft,
  tables,
  onAdd,
  onClose,
}: SuggestionsDialogProps): ReactNode {
  const { t } = useTranslation('mappings')
  const styles = useStyles()
  const [choices, setChoices] = useState<Choices>(new Map())
  const [{ data, error }, again] = useQuery({
    query: SuggestedFieldsDocument,
    variables: {
      connection: mapping.connection.name,
      localTable: mapping.localTable,
      integrationTable: mapping.integrationTable,
    },
  })
  const { fields, direction } = draft.document
  const suggested = (data?.suggestFieldMappings ?? []).filter(
    (pair) =>
      !fields.some(
        (field) => field.localField === pair.localField || field.integrationField === pair.integrationField,
      ),
  )
  const offered = offeredPairs({ own: [], direction }, suggested, tables, mapping.connection.mappings)
  const taken = takenPairs(choices, offered)
  const failure = tables.failure ?? (error === undefined ? null : failureOf(error))
  const isRead = data !== undefined && tables.local !== null && tables.integration !== null
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions()
  return (
    <ConfirmDialog
      open
      title={t('fields.suggested')}
      confirm={t('fields.take', { count: taken.length })}
      disabled={taken.length === 0}
      onConfirm={() => {
        onAdd(
          taken.flatMap(({ localField, integrationField, judgement }) =>
            judgement.kind === 'refused'
              ? []
              : [
                  {
                    ...EMPTY_FIELD,
                    localField,
                    integrationField,
                    direction: judgement.direction,
                    lookupMappings: judgement.lookupMappings,
                    timeZone: judgement.needsTimeZone ? timeZone : null,
                  },
                ],
          ),
        )
        onClose()
      }}
      onClose={onClose}
    >
      <div className={styles.content}>
        {failure !== null ? (
          <ErrorState
            failure={failure}
            retry={() => {
              if (tables.failure !== null) tables.retry()
              if (error !== undefined) again({ requestPolicy: 'network-only' })
            }}
          />
        ) : !isRead ? (
          <LoadingState label={t('create.looking')} />
        ) : (
          <>
            <Text>{t(offered.length === 0 ? 'fields.noneSuggested' : 'create.pairsHint')}</Text>
            <PairList pairs={offered} timeZone={timeZone} choices={choices} onChange={setChoices} />
          </>
        )}
      </div>
    </ConfirmDialog>
  )
}
