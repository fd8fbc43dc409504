import {
  Field,
  Input,
  makeStyles,
  mergeClasses,
  MessageBar,
  MessageBarBody,
  Select,
  Text,
  tokens,
} from '@fluentui/react-components'
import { ArrowRightRegular } from '@fluentui/react-icons'
import { Fragment, useEffect, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useClient, useQuery } from 'urql'
import { failureOf, type Failure } from '../../api/failure.js'
import type { FieldDocument } from './document.js'
import {
  PreviewFieldDocument,
  PreviewRecordsDocument,
  type PassDirection,
  type PreviewFieldQuery,
} from './generated/graphql.js'
import type { Mapping } from './use-draft.js'

/** Records that a field mapping is tried on, the latest synchronized. */
const RECORDS = 4
/** Milliseconds without a key before what was typed is tried. */
const STILL = 350

const useStyles = makeStyles({
  root: {
    display: 'flex',
    flexDirection: 'column',
    gap: tokens.spacingVerticalM,
    padding: tokens.spacingHorizontalL,
    backgroundColor: tokens.colorNeutralBackground3,
    borderRadius: tokens.borderRadiusMedium,
  },
  ask: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalM },
  grow: { flexGrow: 1, flexBasis: '180px', minWidth: 0 },
  rows: {
    display: 'grid',
    gridTemplateColumns: 'minmax(90px, 1fr) minmax(0, 3fr)',
    gap: `${tokens.spacingVerticalS} ${tokens.spacingHorizontalL}`,
    margin: 0,
  },
  steps: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: tokens.spacingHorizontalXS,
    margin: 0,
  },
  value: {
    padding: `0 ${tokens.spacingHorizontalXS}`,
    backgroundColor: tokens.colorNeutralBackground1,
    borderRadius: tokens.borderRadiusSmall,
    fontFamily: tokens.fontFamilyMonospace,
    whiteSpace: 'pre-wrap',
    overflowWrap: 'anywhere',
  },
  final: { fontWeight: tokens.fontWeightSemibold, border: `1px solid ${tokens.colorBrandStroke1}` },
  quiet: { color: tokens.colorNeutralForeground2 },
  bad: { color: tokens.colorStatusDangerForeground1 },
})

type Preview = PreviewFieldQuery['previewFieldMapping'][number]
interface Tried {
  readonly key: string
  readonly name: string
  readonly preview: Preview
}

/** What a field mapping, as it stands in the editor, makes of the records that were synchronized last. */
export function FieldPreview({
  mapping,
  field,
}: {
  readonly mapping: Mapping
  readonly field: FieldDocument
}): ReactNode {
  const { t } = useTranslation('mappings')
  const styles = useStyles()
  const client = useClient()
  const connection = mapping.connection.name
  const [chosen, setChosen] = useState<PassDirection>('TO_INTEGRATION_TABLE')
  const [sample, setSample] = useState('')
  const [tried, setTried] = useState<readonly Tried[]>([])
  const [failure, setFailure] = useState<Failure | null>(null)
  const direction: PassDirection = field.direction === 'BIDIRECTIONAL' ? chosen : field.direction
  const [{ data }] = useQuery({
    query: PreviewRecordsDocument,
    variables: { filter: { connection, mapping: mapping.name, status: ['SETTLED'] }, first: RECORDS },
    requestPolicy: 'cache-first',
  })
  const records = data?.couplings.nodes
  const question = JSON.stringify({ field, direction, sample })

  useEffect(() => {
    if (records === undefined) return undefined
    let isCurrent = true
    const input = JSON.parse(question) as { readonly field: FieldDocument }
    const ask = async (couplingId: string | null, samples: readonly string[] | null) =>
      client
        .query(
          PreviewFieldDocument,
          {
            connection,
            mapping: mapping.name,
            input: {
              ...input.field,
              transformTo: [...input.field.transformTo],
              transformFrom: [...input.field.transformFrom],
            },
            couplingId,
            samples,
            direction,
          },
          { requestPolicy: 'network-only' },
        )
        .toPromise()
    const timer = setTimeout(() => {
      const asked = [
        ...(sample === '' ? [] : [{ key: 'sample', name: t('preview.sample'), answer: ask(null, [sample]) }]),
        ...records.map((record) => ({
          key: record.id,
          name: record.localRecord.name ?? record.localRecord.id ?? '',
          answer: ask(record.id, null),
        })),
      ]
      void Promise.all(
        asked.map(async ({ key, name, answer }) => {
          const { data: seen, error } = await answer
          return { key, name, preview: seen?.previewFieldMapping[0], error }
        }),
      ).then((answers) => {
        if (!isCurrent) return
        const error = answers.find((answer) => answer.error !== undefined)?.error
        setFailure(error === undefined ? null : failureOf(error))
        setTried(
          answers.flatMap(({ key, name, preview }) =>
            preview === undefined ? [] : [{ key, name, preview }],
          ),
        )
      })
    }, STILL)
    return () => {
      isCurrent = false
      clearTimeout(timer)
    }
  }, [client, connection, direction, mapping.name, question, records, sample, t])

  return (
    <section aria-label={t('preview.title')} className={styles.root}>
      <Text weight="semibold" as="h3">
        {t('preview.title')}
      </Text>
      <div className={styles.ask}>
        {field.direction === 'BIDIRECTIONAL' && (
          <Field label={t('directionLabel')} className={styles.grow}>
            <Select value={chosen} onChange={(_event, { value }) => setChosen(value as PassDirection)}>
              <option value="TO_INTEGRATION_TABLE">{t('direction.TO_INTEGRATION_TABLE')}</option>
              <option value="FROM_INTEGRATION_TABLE">{t('direction.FROM_INTEGRATION_TABLE')}</option>
            </Select>
          </Field>
        )}
        <Field label={t('preview.try')} className={styles.grow}>
          <Input value={sample} onChange={(_event, { value }) => setSample(value)} />
        </Field>
      </div>
      {failure !== null && (
        <MessageBar intent="warning" layout="multiline">
          <MessageBarBody>{failure.message}</MessageBarBody>
        </MessageBar>
      )}
      {records?.length === 0 && sample === '' && (
        <Text className={styles.quiet}>{t('preview.noRecords')}</Text>
      )}
      <dl className={styles.rows} aria-live="polite">
        {tried.map(({ key, name, preview }) => (
          <Fragment key={key}>
            <dt className={styles.quiet}>{name}</dt>
            <dd className={styles.steps}>
              <Shown value={preview.source} />
              {stepsBefore(preview).map((step, index) => (
                <Fragment key={index}>
                  <ArrowRightRegular aria-hidden="true" />
                  <Shown value={step} />
                </Fragment>
              ))}
              <ArrowRightRegular aria-hidden="true" />
              {preview.carried ? (
                <Shown value={preview.destination} isFinal />
              ) : (
                <span className={styles.bad}>
                  {preview.message ?? t('preview.notCarried')} {preview.remedy}
                </span>
              )}
            </dd>
          </Fragment>
        ))}
      </dl>
    </section>
  )
}

/** What the last rule made is what the destination would hold, which is shown as such. */
function stepsBefore({ steps, carried, destination }: Preview): Preview['steps'] {
  return carried && steps.at(-1) === destination ? steps.slice(0, -1) : steps
}

function Shown({
  value,
  isFinal = false,
}: {
  readonly value: unknown
  readonly isFinal?: boolean
}): ReactNode {
  const { t } = useTranslation('mappings')
  const styles = useStyles()
  if (value === null || value === undefined || value === '')
    return <span className={styles.quiet}>{t('blank')}</span>
  return <span className={mergeClasses(styles.value, isFinal && styles.final)}>{String(value)}</span>
}
