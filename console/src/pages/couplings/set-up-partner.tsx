import {
  Button,
  Card,
  Field,
  Input,
  makeStyles,
  MessageBar,
  MessageBarBody,
  Text,
  Subtitle1,
  tokens,
} from '@fluentui/react-components'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useQuery } from 'urql'
import { failureOf } from '../../api/failure.js'
import { RecordLink } from '../../shared/record-link.js'
import { ErrorState, LoadingState } from '../../shared/states.js'
import { CouplingCandidatesDocument, type Side } from './generated/graphql.js'
import type { CoupledMapping } from './use-mappings.js'
import { tableOf, type Chosen } from './set-up-record.js'

const useStyles = makeStyles({
  card: {
    display: 'flex',
    flexDirection: 'column',
    gap: tokens.spacingVerticalM,
    padding: tokens.spacingHorizontalXL,
  },
  form: { display: 'flex', flexWrap: 'wrap', alignItems: 'flex-end', gap: tokens.spacingHorizontalM },
  grow: { flexGrow: 1, flexBasis: '220px', minWidth: 0 },
  list: {
    listStyle: 'none',
    margin: 0,
    padding: 0,
    display: 'flex',
    flexDirection: 'column',
    gap: tokens.spacingVerticalXS,
  },
  row: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    justifyContent: 'space-between',
    gap: tokens.spacingHorizontalM,
    paddingBlock: tokens.spacingVerticalXS,
    borderBlockEndWidth: '1px',
    borderBlockEndStyle: 'solid',
    borderBlockEndColor: tokens.colorNeutralStroke3,
  },
  quiet: { color: tokens.colorNeutralForeground2 },
})

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
  const [own, setOwn] = useState('')
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
              <ul className={styles.list}>
                {rule.candidates.map((candidate) => (
                  <li key={candidate.record.id} className={styles.row}>
                    <span>
                      <RecordLink record={candidate.record} />{' '}
                      <Text size={200} className={styles.quiet}>
                        {candidate.problem ??
                          (candidate.partnerId === null
                            ? t('setUp.free')
                            : t('setUp.coupledWith', { name: candidate.partnerName ?? candidate.partnerId }))}
                      </Text>
                    </span>
                    <Button size="small" onClick={() => onChoose(candidate.record.id ?? '')}>
                      {t('setUp.compare', { name: candidate.record.name ?? candidate.record.id })}
                    </Button>
                  </li>
                ))}
              </ul>
            </div>
          ))}
          <div className={styles.form}>
            <Field label={t('setUp.own', { table: tableOf(mapping, other) })} className={styles.grow}>
              <Input value={own} onChange={(_event, { value }) => setOwn(value)} />
            </Field>
            <Button disabled={own.trim() === ''} onClick={() => onChoose(own.trim())}>
              {t('setUp.compareId')}
            </Button>
          </div>
        </>
      )}
    </Card>
  )
}
