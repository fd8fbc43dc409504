import { Badge, Card, makeStyles, Text, tokens } from '@fluentui/react-components'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { Fact } from '../../shared/fact.js'
import { Instant } from '../../shared/instant.js'
import { Quantity } from '../../shared/quantity.js'
import type { Mapping } from './use-draft.js'

const useStyles = makeStyles({
  facts: {
    display: 'flex',
    flexWrap: 'wrap',
    gap: `${tokens.spacingVerticalS} ${tokens.spacingHorizontalXXL}`,
  },
  quiet: { color: tokens.colorNeutralForeground2 },
})

/** How the mapping stands: counters, watermarks, schedule. */
export function Standing({ mapping }: { readonly mapping: Mapping }): ReactNode {
  const { t } = useTranslation('mappings')
  const styles = useStyles()
  const { pausedAt, pausedBy, sleepsUntil, nextScheduledAt, connection, direction } = mapping
  const held = pausedAt ?? connection.pausedAt
  const here = new URLSearchParams({ connection: connection.name, mapping: mapping.name })
  const counts = [
    ['couplings', mapping.couplings, `/couplings?${here}`],
    ['openErrors', mapping.openErrors, `/errors?${here}`],
    ['skipped', mapping.skippedRecords, `/skipped?${here}`],
    ['pending', mapping.pendingRecords, null],
  ] as const
  return (
    <Card>
      <div className={styles.facts}>
        <Fact term={t('columns.state')}>
          {connection.disabledAt != null ? (
            <Badge appearance="tint" color="warning">
              {t('state.disabled')}
            </Badge>
          ) : held != null ? (
            <>
              <Badge appearance="tint" color="warning">
                {t(pausedAt == null ? 'state.connectionPaused' : 'state.paused')}
              </Badge>{' '}
              {pausedBy ?? connection.pausedBy} <Instant at={held} as="ago" />
            </>
          ) : (
            <>
              <Badge appearance="tint" color={sleepsUntil == null ? 'success' : 'informative'}>
                {t(sleepsUntil == null ? 'state.awake' : 'state.asleep')}
              </Badge>
              {nextScheduledAt != null && (
                <Text size={200} className={styles.quiet}>
                  {' '}
                  {t(sleepsUntil == null ? 'state.next' : 'state.looks')}{' '}
                  <Instant at={nextScheduledAt} as="ago" />
                </Text>
              )}
            </>
          )}
        </Fact>
        {counts.map(([name, value, to]) => (
          <Fact key={name} term={t(`columns.${name}`)}>
            {to === null ? (
              <Quantity value={value} />
            ) : (
              <Link to={to} style={{ color: tokens.colorBrandForegroundLink }}>
                <Quantity value={value} />
              </Link>
            )}
          </Fact>
        ))}
        {direction !== 'FROM_INTEGRATION_TABLE' && (
          <Fact term={t('watermark.to')}>
            <Instant at={mapping.toWatermark} none={t('watermark.none')} />
          </Fact>
        )}
        {direction !== 'TO_INTEGRATION_TABLE' && (
          <Fact term={t('watermark.from')}>
            <Instant at={mapping.fromWatermark} none={t('watermark.none')} />
          </Fact>
        )}
        <Fact term={t('version')}>
          {mapping.version}
          {mapping.lastChange != null && (
            <Text size={200} className={styles.quiet}>
              {' '}
              {mapping.lastChange.author} <Instant at={mapping.lastChange.at} as="ago" />
            </Text>
          )}
        </Fact>
      </div>
    </Card>
  )
}
