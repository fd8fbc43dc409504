import {
  makeStyles,
  mergeClasses,
  MessageBar,
  MessageBarBody,
  MessageBarTitle,
  shorthands,
  Text,
  tokens,
} from '@fluentui/react-components'
import { CheckmarkCircleFilled } from '@fluentui/react-icons'
import { useEffect, useRef, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useQuery } from 'urql'
import { failureOf } from '../../api/failure.js'
import { isNotCarried } from '../../shared/carried.js'
import { FieldValue } from '../../shared/field-value.js'
import { ErrorState, LoadingState } from '../../shared/states.js'
import { NextRecord } from './next-record.js'
import { SettledDocument, type SettleResultFragment } from './generated/graphql.js'
import type { SkippedRecord } from './settled-records.js'

const useStyles = makeStyles({
  scroll: {
    overflowX: 'auto',
    backgroundColor: tokens.colorNeutralBackground1,
    ...shorthands.border('1px', 'solid', tokens.colorNeutralStroke2),
    borderRadius: tokens.borderRadiusLarge,
  },
  table: { borderCollapse: 'collapse', width: '100%' },
  cell: {
    ...shorthands.borderBottom('1px', 'solid', tokens.colorNeutralStroke3),
    padding: `${tokens.spacingVerticalS} ${tokens.spacingHorizontalM}`,
    textAlign: 'start',
    overflowWrap: 'anywhere',
  },
  equal: { color: tokens.colorStatusSuccessForeground1 },
  state: { overflowWrap: 'normal' },
})

export interface SettledViewProps {
  readonly record: SkippedRecord
  /** What became of the records that the same was chosen for. */
  readonly alike: readonly SettleResultFragment[]
}

/** Both records as they are after a choice was carried out, read anew from both systems. */
export function SettledView({ record, alike }: SettledViewProps): ReactNode {
  const { t } = useTranslation('skipped')
  const styles = useStyles()
  const { coupling, mapping } = record
  const localId = coupling?.localRecord.id ?? null
  const integrationId = coupling?.integrationRecord.id ?? null
  const [{ data, error, fetching }, refetch] = useQuery({
    query: SettledDocument,
    variables: {
      mapping: mapping.name,
      connection: mapping.connection.name,
      localId: localId ?? '',
      integrationId: integrationId ?? '',
    },
    pause: localId === null || integrationId === null,
    requestPolicy: 'network-only',
  })
  const refused = alike.filter((result) => result.__typename !== 'Applied')
  const fields = data?.couplingPreview.fields ?? []
  const equal = fields.every((field) => field.equal)
  // The button that was pressed is gone: who uses the keyboard goes on from here.
  const focus = useRef<HTMLDivElement>(null)
  useEffect(() => focus.current?.focus(), [])
  return (
    <>
      <MessageBar intent="success" layout="multiline" ref={focus} tabIndex={-1}>
        <MessageBarBody>
          <MessageBarTitle>{t('settledView.done')}</MessageBarTitle>
          {data !== undefined &&
            data.couplingPreview.couplingId != null &&
            t(equal ? 'settledView.equal' : 'settledView.differ')}
          {alike.length > 0 &&
            ` ${t('settledView.alike', { done: alike.length - refused.length, total: alike.length })}`}{' '}
          <NextRecord settled={record} />
        </MessageBarBody>
      </MessageBar>
      {refused.map((result) => (
        <MessageBar key={result.id} intent="warning" layout="multiline">
          <MessageBarBody>
            {result.message} {result.__typename === 'Failed' && result.remedy}
          </MessageBarBody>
        </MessageBar>
      ))}
      {fetching && <LoadingState label={t('desk.looking')} />}
      {/* What was deleted or restored has no pair to look at any more. */}
      {error !== undefined && !['NOT_FOUND', 'SYSTEM_FAILURE'].includes(failureOf(error).code) && (
        <ErrorState failure={failureOf(error)} retry={() => refetch({ requestPolicy: 'network-only' })} />
      )}
      {fields.length > 0 && (
        <div className={styles.scroll}>
          <table className={styles.table} aria-label={t('settledView.title')}>
            <thead>
              <tr>
                {(['field', 'value', 'state'] as const).map((column) => (
                  <th key={column} scope="col" className={mergeClasses(styles.cell, styles.state)}>
                    {t(`settledView.${column}`)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {fields.map((field) => (
                <tr key={field.name}>
                  <th scope="row" className={styles.cell}>
                    {field.localCaption}
                  </th>
                  <td className={styles.cell}>
                    <Held value={field.local} name={field.localName} lookup={field.lookup} />
                    {(!field.equal || isNotCarried(field)) && (
                      <>
                        {' / '}
                        <Held value={field.integration} name={field.integrationName} lookup={field.lookup} />
                      </>
                    )}
                  </td>
                  <td className={mergeClasses(styles.cell, styles.state)}>
                    {isNotCarried(field) ? (
                      <Text>{t('settledView.notCarried')}</Text>
                    ) : field.equal ? (
                      <span className={styles.equal}>
                        <CheckmarkCircleFilled aria-hidden="true" /> {t('desk.equal')}
                      </span>
                    ) : (
                      <Text>{t('settledView.differs')}</Text>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </>
  )
}

interface HeldProps {
  readonly value: string | null
  readonly name: string | null
  readonly lookup: boolean
}

function Held({ value, name, lookup }: HeldProps): ReactNode {
  const { t } = useTranslation('skipped')
  return value === null ? (
    <em>{t('desk.blank')}</em>
  ) : (
    <FieldValue value={value} name={name} lookup={lookup} />
  )
}
