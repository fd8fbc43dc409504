import { Badge, Link, makeStyles, mergeClasses, shorthands, Text, tokens } from '@fluentui/react-components'
import {
  CheckmarkCircleRegular,
  ErrorCircleRegular,
  InfoRegular,
  WarningRegular,
} from '@fluentui/react-icons'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Facts } from '../../shared/facts.js'
import type { FindingFragment } from './generated/graphql.js'

const LOOKS = {
  ERROR: { color: 'danger', Icon: ErrorCircleRegular },
  WARNING: { color: 'warning', Icon: WarningRegular },
  INFORMATION: { color: 'informative', Icon: InfoRegular },
} as const

const useStyles = makeStyles({
  list: {
    display: 'flex',
    flexDirection: 'column',
    gap: tokens.spacingVerticalM,
    margin: 0,
    padding: 0,
    listStyleType: 'none',
  },
  finding: {
    display: 'flex',
    flexDirection: 'column',
    gap: tokens.spacingVerticalXS,
    padding: tokens.spacingHorizontalM,
    ...shorthands.border('1px', 'solid', tokens.colorNeutralStroke2),
    borderRadius: tokens.borderRadiusMedium,
    overflowWrap: 'anywhere',
  },
  ERROR: { ...shorthands.borderLeft('4px', 'solid', tokens.colorStatusDangerBorder2) },
  WARNING: { ...shorthands.borderLeft('4px', 'solid', tokens.colorStatusWarningBorder2) },
  INFORMATION: { ...shorthands.borderLeft('4px', 'solid', tokens.colorBrandStroke1) },
  head: { display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: tokens.spacingHorizontalS },
  evidence: {
    fontFamily: tokens.fontFamilyMonospace,
    fontSize: tokens.fontSizeBase200,
    whiteSpace: 'pre-wrap',
  },
  well: { display: 'flex', alignItems: 'center', gap: tokens.spacingHorizontalS },
  good: { color: tokens.colorStatusSuccessForeground1, fontSize: '20px' },
})

/** What a check found, the worst of it first: what, why, what to do, and the proof. */
export function Findings({ findings }: { readonly findings: readonly FindingFragment[] }): ReactNode {
  const { t } = useTranslation('connections')
  const styles = useStyles()
  if (findings.length === 0) {
    return (
      <div className={styles.well}>
        <CheckmarkCircleRegular className={styles.good} aria-hidden="true" />
        <Text>{t('findings.none')}</Text>
      </div>
    )
  }
  return (
    <ul className={styles.list} aria-label={t('findings.title')}>
      {findings.map((finding, index) => {
        const { color, Icon } = LOOKS[finding.severity]
        return (
          // The same may be found of both sides, and twice of one.
          <li
            key={`${finding.code} ${index}`}
            className={mergeClasses(styles.finding, styles[finding.severity])}
          >
            <div className={styles.head}>
              <Badge appearance="tint" color={color} icon={<Icon />}>
                {t(`findings.severities.${finding.severity}`)}
              </Badge>
              {finding.side != null && <Badge appearance="outline">{t(`sides.${finding.side}`)}</Badge>}
              <Text size={200}>{finding.code}</Text>
            </div>
            <Text weight="semibold">{finding.what}</Text>
            <Facts
              facts={[
                [t('findings.cause'), finding.cause],
                [t('findings.remedy'), finding.remedy],
                [
                  t('findings.evidence'),
                  finding.evidence == null ? null : (
                    <span key="evidence" className={styles.evidence}>
                      {finding.evidence}
                    </span>
                  ),
                ],
                [
                  t('findings.link'),
                  finding.link == null ? null : (
                    <Link key="link" href={finding.link} target="_blank" rel="noreferrer">
                      {finding.link}
                    </Link>
                  ),
                ],
                ...finding.correlationIds.map(({ name, value }) => [name, value] as const),
              ]}
            />
          </li>
        )
      })}
    </ul>
  )
}
