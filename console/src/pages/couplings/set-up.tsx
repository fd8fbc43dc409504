import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Page } from '../../shared/page.js'
import { ErrorState, LoadingState } from '../../shared/states.js'
import { CouplingTabs } from './coupling-tabs.js'
import { MappingSelect } from './mapping-select.js'
import { useMappings } from './use-mappings.js'
import { Candidates } from './set-up-partner.js'
import { Pair } from './set-up-pair.js'
import type { Chosen } from './record-search.js'
import { FindRecord } from './set-up-record.js'

/** Set Up Coupling: a record, its partner, both side by side, and what is synchronized with it. */
export function SetUpCoupling(): ReactNode {
  const { t } = useTranslation('couplings')
  const mappings = useMappings()
  const { chosen, loading, failure, reload } = mappings
  const [record, setRecord] = useState<Chosen | null>(null)
  const [partner, setPartner] = useState<string | null>(null)
  return (
    <Page title={t('setUp.title')} lead={t('setUp.lead')}>
      <CouplingTabs />
      {loading ? (
        <LoadingState />
      ) : failure !== null ? (
        <ErrorState failure={failure} retry={reload} />
      ) : (
        <>
          <MappingSelect chosen={mappings} />
          {chosen !== null && (
            <FindRecord
              key={chosen.id}
              mapping={chosen}
              onChoose={(found) => {
                setRecord(found)
                setPartner(null)
              }}
            />
          )}
          {chosen !== null && record !== null && (
            <Candidates
              key={`${chosen.id}${record.side}${record.id}`}
              mapping={chosen}
              record={record}
              onChoose={setPartner}
            />
          )}
          {chosen !== null && record !== null && partner !== null && (
            <Pair
              key={`${record.id} ${partner}`}
              mapping={chosen}
              localId={record.side === 'LOCAL' ? record.id : partner}
              integrationId={record.side === 'LOCAL' ? partner : record.id}
            />
          )}
        </>
      )}
    </Page>
  )
}
