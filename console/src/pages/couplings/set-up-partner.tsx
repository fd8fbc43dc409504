import {
  Card,
  makeStyles,
  MessageBar,
  MessageBarBody,
  Subtitle1,
  Text,
  tokens,
} from '@fluentui/react-components'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useQuery } from 'urql'
import { failureOf } from '../../api/failure.js'
import { ErrorState, LoadingState } from '../../shared/states.js'
import { CouplingCandidatesDocument, type Side } from './generated/graphql.js'
import { RecordRow, useRowStyles } from './record-row.js'
import { RecordSearch, type Chosen } from './record-search.js'
import { tableOf } from './set-up-record.js'
import type { CoupledMapping } from './use-mappings.js'

const useStyles = makeStyles({
  card: {
    display: 'flex',
    flexDirection: 'column',
    gap: tokens.spacingVerticalM,
    padding: tokens.spacingHorizontalXL,
  },
})

/** The second record: one that the match rules find, or any other of its table. */
export function Candidates({
  mapping,
  record,
  onChoose,
}: {
  readonly mapping: CoupledMapping
  readonly record: Chosen
  onChoose(partner: string): void
}): ReactNode {
  const { t } = useTranslation('couplings')
  const styles = useStyles()
  const rows = useRowStyles()
  const [{ data, error }, again] = useQuery({
    query: CouplingCandidatesDocument,
    variables: {
      connection: mapping.connection.name,
      mapping: mapping.name,
      side: record.side,
      id: record.id,
    },
    requestPolicy: 'network-only',
  })
  const answer = data?.couplingCandidates
  const other: Side = record.side === 'LOCAL' ? 'INTEGRATION' : 'LOCAL'
  return (
    <Card className={styles.card}>
      <Subtitle1 as="h2">
        {t('setUp.partnerOf', { name: answer?.record.record.name ?? record.name })}
      </Subtitle1>
      {error !== undefined ? (
        <ErrorState failure={failureOf(error)} retry={() => again({ requestPolicy: 'network-only' })} />
      ) : answer === undefined ? (
        <LoadingState label={t('looking')} />
      ) : (
        <>
          {answer.record.problem !== null && (
            <MessageBar intent="warning" layout="multiline">
              <MessageBarBody>{answer.record.problem}</MessageBarBody>
            </MessageBar>
          )}
          {answer.record.partnerName !== null && (
            <MessageBar intent="info" layout="multiline">
              <MessageBarBody>{t('setUp.coupledWith', { name: answer.record.partnerName })}</MessageBarBody>
            </MessageBar>
          )}
          {answer.problem !== null && <Text>{answer.problem}</Text>}
          {answer.rules.map((rule) => (
            <div key={rule.priority}>
              <Text weight="semibold" block>
                {t('setUp.rule', {
                  priority: rule.priority,
                  fields: rule.fields.join(', '),
                  count: rule.total,
                })}
              </Text>
              <ul className={rows.list}>
                {rule.candidates.map((candidate) => (
                  <RecordRow
                    key={candidate.record.id}
                    found={candidate}
                    action={t('setUp.compare', { name: candidate.record.name ?? candidate.record.id })}
                    onChoose={() => onChoose(candidate.record.id ?? '')}
                  />
                ))}
              </ul>
            </div>
          ))}
          <RecordSearch
            mapping={mapping}
            side={other}
            label={t('setUp.other', { table: tableOf(mapping, other) })}
            actionFor={(name) => t('setUp.compare', { name })}
            onChoose={({ id }) => onChoose(id)}
          />
        </>
      )}
    </Card>
  )
}
