import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Page } from '../../shared/page.js'
import { ErrorState, LoadingState } from '../../shared/states.js'
import { CouplingTabs } from './coupling-tabs.js'
import { MappingSelect } from './mapping-select.js'
import { useMappings, type CoupledMapping } from './use-mappings.js'
import { Candidates } from './set-up-partner.js'
import { Pair } from './set-up-pair.js'
import type { Chosen } from './record-search.js'
import { FindRecord } from './set-up-record.js'

/** Set Up Coupling: a record, its partner, both side by side, and what is synchronized with it. */
export function SetUpCoupling(): ReactNode {
  const { t } = useTranslation('couplings')
  const mappings = useMappings()
  const { chosen, loading, failure, reload } = mappings
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
          {chosen !== null && <Choosing key={chosen.id} mapping={chosen} />}
        </>
      )}
    </Page>
  )
}

/** The two records of one mapping: those of another lie in other tables. */
function Choosing({ mapping }: { readonly mapping: CoupledMapping }): ReactNode {
  const [record, setRecord] = useState<Chosen | null>(null)
  const [partner, setPartner] = useState<string | null>(null)
  return (
    <>
      <FindRecord
        mapping={mapping}
        onChoose={(found) => {
          setRecord(found)
          setPartner(null)
        }}
      />
      {record !== null && (
        <Candidates
          key={`${record.side}${record.id}`}
          mapping={mapping}
          record={record}
          onChoose={setPartner}
        />
      )}
      {record !== null && partner !== null && (
        <Pair
          key={`${record.id} ${partner}`}
          mapping={mapping}
          localId={record.side === 'LOCAL' ? record.id : partner}
          integrationId={record.side === 'LOCAL' ? partner : record.id}
        />
      )}
    </>
  )
}
