import {
  Accordion,
  AccordionHeader,
  AccordionItem,
  AccordionPanel,
  Badge,
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  Field,
  makeStyles,
  MessageBar,
  MessageBarBody,
  Select,
  Spinner,
  Text,
  tokens,
} from '@fluentui/react-components'
import { useEffect, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useClient } from 'urql'
import { failureOf, type Failure } from '../../api/failure.js'
import { AllowedButton } from '../../shared/allowed-button.js'
import { Instant } from '../../shared/instant.js'
import { formatNumber } from '../../shared/quantity.js'
import { hasEnded } from '../../shared/runs/run-progress.js'
import { changesOf } from './document.js'
import {
  MappingRehearsalDocument,
  RehearseMappingDocument,
  type RehearsalOfMappingFragment,
} from './generated/graphql.js'
import type { Draft, Mapping } from './use-draft.js'

const WRITES = [100, 1_000, 5_000] as const
/** Between two looks at a rehearsal that takes longer than an answer waits. */
const LOOK_EVERY = 1_500

type Report = NonNullable<RehearsalOfMappingFragment['report']>

const useStyles = makeStyles({
  surface: { maxWidth: 'min(900px, 96vw)' },
  content: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalM },
  ask: { display: 'flex', flexWrap: 'wrap', alignItems: 'flex-end', gap: tokens.spacingHorizontalM },
  big: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalXXL },
  figure: { display: 'flex', flexDirection: 'column' },
  quiet: { color: tokens.colorNeutralForeground2 },
  scroll: { overflowX: 'auto' },
  table: {
    width: '100%',
    borderCollapse: 'collapse',
    '& th': { textAlign: 'start', fontWeight: tokens.fontWeightSemibold },
    '& th, & td': {
      padding: `${tokens.spacingVerticalXS} ${tokens.spacingHorizontalS}`,
      borderBlockEndWidth: '1px',
      borderBlockEndStyle: 'solid',
      borderBlockEndColor: tokens.colorNeutralStroke3,
      verticalAlign: 'top',
      overflowWrap: 'anywhere',
    },
  },
  before: { color: tokens.colorNeutralForeground2, textDecorationLine: 'line-through' },
  after: { fontWeight: tokens.fontWeightSemibold },
})

/** What would have been different over the latest writes, had the change been in force then. */
export function RehearsalDialog({
  mapping,
  draft,
  onClose,
  onSave,
}: {
  readonly mapping: Mapping
  readonly draft: Draft
  readonly onClose: () => void
  readonly onSave: () => void
}): ReactNode {
  const { t, i18n } = useTranslation('mappings')
  const styles = useStyles()
  const client = useClient()
  const [last, setLast] = useState<number>(1_000)
  const [rehearsal, setRehearsal] = useState<RehearsalOfMappingFragment | null>(null)
  const [failure, setFailure] = useState<Failure | null>(null)
  const [busy, setBusy] = useState(false)

  async function rehearse(): Promise<void> {
    setBusy(true)
    setFailure(null)
    setRehearsal(null)
    const { data, error } = await client
      .mutation(RehearseMappingDocument, {
        connection: mapping.connection.name,
        name: mapping.name,
        changes: { ...changesOf(draft.base.document, draft.document) },
        last,
      })
      .toPromise()
    if (error !== undefined) setFailure(failureOf(error))
    if (data !== undefined) setRehearsal(data.rehearseMapping)
    setBusy(false)
  }

  const waitsFor = rehearsal !== null && !hasEnded(rehearsal.status) ? rehearsal.id : null
  useEffect(() => {
    if (waitsFor === null) return undefined
    const timer = setInterval(() => {
      void client
        .query(MappingRehearsalDocument, { id: waitsFor }, { requestPolicy: 'network-only' })
        .toPromise()
        .then(({ data }) => {
          if (data?.rehearsal != null) setRehearsal(data.rehearsal)
        })
    }, LOOK_EVERY)
    return () => clearInterval(timer)
  }, [client, waitsFor])

  const waiting = busy || waitsFor !== null
  return (
    <Dialog
      open
      onOpenChange={(_event, { open }) => {
        if (!open) onClose()
      }}
    >
      <DialogSurface className={styles.surface}>
        <DialogBody>
          <DialogTitle>{t('rehearse.title', { name: mapping.name })}</DialogTitle>
          <DialogContent className={styles.content}>
            <Text>{t('rehearse.lead')}</Text>
            <div className={styles.ask}>
              <Field label={t('rehearse.last')}>
                <Select value={String(last)} onChange={(_event, { value }) => setLast(Number(value))}>
                  {WRITES.map((count) => (
                    <option key={count} value={count}>
                      {t('rehearse.writes', { number: formatNumber(count, i18n.language) })}
                    </option>
                  ))}
                </Select>
              </Field>
              <AllowedButton
                needs="OPERATOR"
                appearance={rehearsal === null ? 'primary' : 'secondary'}
                disabled={waiting}
                onClick={() => void rehearse()}
              >
                {t('rehearse.start')}
              </AllowedButton>
            </div>
            <div role="status">{waiting && <Spinner label={t('rehearse.running')} />}</div>
            {(failure?.message ?? rehearsal?.message) != null && (
              <MessageBar intent="error" layout="multiline">
                <MessageBarBody>{failure?.message ?? rehearsal?.message}</MessageBarBody>
              </MessageBar>
            )}
            {rehearsal?.report != null && <ReportView report={rehearsal.report} />}
          </DialogContent>
          <DialogActions>
            <Button onClick={onClose}>{t('rehearse.back')}</Button>
            <AllowedButton
              needs="ADMINISTRATOR"
              appearance={rehearsal?.report == null ? 'secondary' : 'primary'}
              onClick={onSave}
            >
              {t('save.open')}
            </AllowedButton>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  )
}

function ReportView({ report }: { readonly report: Report }): ReactNode {
  const { t, i18n } = useTranslation('mappings')
  const styles = useStyles()
  const number = (value: number): string => formatNumber(value, i18n.language)
  const figures = [
    ['changes', report.changes],
    ['decided', report.decided],
    ['differing', report.differing],
    ['entersFilter', report.entersFilter],
    ['leavesFilter', report.leavesFilter],
  ] as const
  return (
    <section aria-label={t('rehearse.report')} className={styles.content}>
      <MessageBar intent={report.differing === 0 ? 'success' : 'warning'} layout="multiline">
        <MessageBarBody>
          {report.changes === 0
            ? t('rehearse.noChanges')
            : report.differing === 0
              ? t('rehearse.same', { number: number(report.decided) })
              : t('rehearse.differ', { number: number(report.differing), of: number(report.decided) })}
        </MessageBarBody>
      </MessageBar>
      {report.from !== null && (
        <Text size={200} className={styles.quiet}>
          {t('rehearse.span')} <Instant at={report.from} /> – <Instant at={report.to} />
        </Text>
      )}
      <div className={styles.big}>
        {figures
          .filter(([name, value]) => value > 0 || name === 'changes' || name === 'differing')
          .map(([name, value]) => (
            <div key={name} className={styles.figure}>
              <Text size={600} weight="semibold">
                {number(value)}
              </Text>
              <Text size={200} className={styles.quiet}>
                {t(`rehearse.figure.${name}`)}
              </Text>
            </div>
          ))}
      </div>
      <Accordion collapsible multiple defaultOpenItems={['field-0', 'decision-0']}>
        {report.fields.map((difference, index) => (
          <AccordionItem
            key={`${difference.side}${difference.field}${difference.kind}`}
            value={`field-${index}`}
          >
            <AccordionHeader as="h3">
              <span>
                {difference.caption} ({t(`side.${difference.side}`)}):{' '}
                {t(`rehearse.fieldKind.${difference.kind}`)}{' '}
                <Badge appearance="tint">{number(difference.count)}</Badge>
              </span>
            </AccordionHeader>
            <AccordionPanel>
              <Examples
                caption={difference.caption}
                rows={difference.examples.map((example) => ({
                  id: example.writeId,
                  name: nameOf(example),
                  before: example.before ?? '',
                  after: example.failure?.message ?? example.after ?? '',
                }))}
              />
            </AccordionPanel>
          </AccordionItem>
        ))}
        {report.decisions.map((difference, index) => (
          <AccordionItem key={difference.kind} value={`decision-${index}`}>
            <AccordionHeader as="h3">
              <span>
                {t(`rehearse.decisionKind.${difference.kind}`)}{' '}
                <Badge appearance="tint">{number(difference.count)}</Badge>
              </span>
            </AccordionHeader>
            <AccordionPanel>
              <Examples
                caption={t(`rehearse.decisionKind.${difference.kind}`)}
                rows={difference.examples.map((example) => ({
                  id: example.writeId,
                  name: nameOf(example),
                  before: example.before.join(', '),
                  after: example.failure?.message ?? example.after.join(', '),
                }))}
              />
            </AccordionPanel>
          </AccordionItem>
        ))}
      </Accordion>
      {report.notRehearsed.length > 0 && (
        <Text size={200} className={styles.quiet}>
          {t('rehearse.notRehearsed')}{' '}
          {report.notRehearsed.map(({ count, reason }) => `${number(count)}: ${reason}`).join(' ')}
        </Text>
      )}
    </section>
  )
}

function nameOf(example: {
  readonly localName: string | null
  readonly integrationName: string | null
  readonly localId: string | null
  readonly integrationId: string | null
}): string {
  return example.localName ?? example.integrationName ?? example.localId ?? example.integrationId ?? ''
}

function Examples({
  caption,
  rows,
}: {
  readonly caption: string
  readonly rows: readonly {
    readonly id: string
    readonly name: string
    readonly before: string
    readonly after: string
  }[]
}): ReactNode {
  const { t } = useTranslation('mappings')
  const styles = useStyles()
  const blank = <span className={styles.quiet}>{t('blank')}</span>
  return (
    <div className={styles.scroll}>
      <table className={styles.table} aria-label={caption}>
        <thead>
          <tr>
            <th scope="col">{t('rehearse.record')}</th>
            <th scope="col">{t('rehearse.before')}</th>
            <th scope="col">{t('rehearse.after')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.id}>
              <td>{row.name}</td>
              <td className={row.before === '' ? undefined : styles.before}>
                {row.before === '' ? blank : row.before}
              </td>
              <td className={styles.after}>{row.after === '' ? blank : row.after}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
