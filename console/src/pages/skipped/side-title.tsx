import { makeStyles, Text, tokens } from '@fluentui/react-components'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Instant, useNow } from '../../shared/instant.js'
import { RecordLink } from '../../shared/record-link.js'
import type { Compared } from './choices.js'

const useStyles = makeStyles({
  name: { whiteSpace: 'nowrap' },
  person: { display: 'block', fontWeight: tokens.fontWeightRegular, color: tokens.colorNeutralForeground2 },
})

/** How far back a look at both systems still is a look at them now, milliseconds. */
const NOW = 60_000

/** As of when both sides are shown. */
export function Age({ compared }: { readonly compared: Compared }): ReactNode {
  const { t } = useTranslation('skipped')
  const now = useNow(compared.fresh)
  if (compared.fresh && now - Date.parse(compared.asOf) < NOW) return t('desk.asNow')
  return (
    <>
      {t(compared.fresh ? 'desk.asLooked' : 'desk.asMet')} <Instant at={compared.asOf} as="ago" />
    </>
  )
}

/** Who changed a side, and when, as far as its system tells. */
export function SideTitle({
  name,
  side,
}: {
  readonly name: string
  readonly side: Compared['local']
}): ReactNode {
  const { t } = useTranslation('skipped')
  const styles = useStyles()
  return (
    <>
      <span className={styles.name}>
        {side == null ? name : <RecordLink record={{ ...side.record, name }} />}
      </span>
      {side?.modifiedAt != null && (
        <Text size={200} className={styles.person}>
          {side.modifiedBy != null && `${side.modifiedBy}, `}
          <Instant at={side.modifiedAt} as="ago" />
          {side.writtenByAccord && ` (${t('desk.byAccord')})`}
        </Text>
      )}
    </>
  )
}
