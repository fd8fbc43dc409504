import {
  Accordion,
  AccordionHeader,
  AccordionItem,
  AccordionPanel,
  Badge,
  makeStyles,
  MessageBar,
  MessageBarBody,
  Text,
  tokens,
} from '@fluentui/react-components'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { ChangeTable, type ChangedRow } from '../../shared/change-table.js'
import { Instant } from '../../shared/instant.js'
import { formatNumber } from '../../shared/quantity.js'
import type { RehearsalOfMappingFragment } from './generated/graphql.js'

type Report = NonNullable<RehearsalOfMappingFragment['report']>

const useStyles = makeStyles({
  content: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalM },
  big: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalXXL },
  figure: { display: 'flex', flexDirection: 'column' },
  quiet: { color: tokens.colorNeutralForeground2 },
})

export function ReportView({ report }: { readonly report: Report }): ReactNode {
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
              ? t('rehearse.same', { number: number(report.changes) })
              : t('rehearse.differ', { number: number(report.differing), of: number(report.changes) })}
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
                count={difference.count}
                rows={difference.examples.map((example) => ({
                  key: example.writeId,
                  what: nameOf(example),
                  before: example.before,
                  after: example.failure?.message ?? example.after,
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
                count={difference.count}
                rows={difference.examples.map((example) => ({
                  key: example.writeId,
                  what: nameOf(example),
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

interface ExamplesProps {
  readonly caption: string
  /** Of so many they are examples. */
  readonly count: number
  readonly rows: readonly ChangedRow[]
}

function Examples({ caption, count, rows }: ExamplesProps): ReactNode {
  const { t, i18n } = useTranslation('mappings')
  return (
    <>
      <ChangeTable
        label={caption}
        columns={[t('rehearse.record'), t('rehearse.before'), t('rehearse.after')]}
        blank={t('blank')}
        rows={rows}
      />
      {rows.length < count && (
        <Text size={200}>
          {t('rehearse.shown', { shown: rows.length, number: formatNumber(count, i18n.language) })}
        </Text>
      )}
    </>
  )
}
