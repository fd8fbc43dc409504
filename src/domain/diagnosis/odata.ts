import { DiagnosisCode, type Diagnosis } from './code.js'

/** OData services. */
export const ODATA = {
  [DiagnosisCode.etagMissing]: {
    severity: 'WARNING',
    seenAs: 'Records of an entity set that is written come without `@odata.etag`',
    cause:
      'Accord cannot tell the service on which version a change is based. It reads each record right before it writes it, so an edit made in the moment between is overwritten.',
    remedy: 'Let the service give ETags for this entity set where it can; nothing else needs to be done.',
    link: null,
  },
} as const satisfies Partial<Record<DiagnosisCode, Diagnosis>>
