import { CUSTOMER } from '../../src/domain/catalog/business-central.js'
import { ACCOUNT } from '../../src/domain/catalog/dataverse.js'
import { decide, type DecideInput } from '../../src/domain/decide.js'
import type { Decision } from '../../src/domain/decision.js'
import type { TransferContext } from '../../src/domain/field-transfer.js'
import type { MappingDefinition, PassDirection } from '../../src/domain/mapping.js'
import type { RecordSnapshot } from '../../src/domain/record.js'
import type { Values } from '../../src/domain/value.js'
import { recorded, written } from './recorder.js'
import { AGREED_AT, CLOCKS, field, found, FROM, LATER, MAPPING, TO } from './support.js'

const PHONE = field('phoneNumber', 'telephone1', 'BIDIRECTIONAL')
export const LINE = field('addressLine1', 'address1_line1', 'BIDIRECTIONAL')
const WEBSITE = field('website', 'websiteurl', TO)
const EMAIL = field('email', 'emailaddress1', FROM)
export const CURRENCY = field('currencyId', 'transactioncurrencyid', 'BIDIRECTIONAL', {
  lookupMappings: ['CURRENCY'],
})
export const CREDIT = field('creditLimit', 'creditlimit', TO, {
  localCurrencyAmount: { currencyField: 'currencyId' },
})

export const USD = 'i-usd'
export const MONEY_CONTEXT: TransferContext = {
  localTable: CUSTOMER,
  integrationTable: ACCOUNT,
  lookups: { CURRENCY: { toIntegration: { 'l-eur': 'i-eur' }, toLocal: { 'i-eur': 'l-eur' } } },
  baseCurrency: USD,
}

const L: Values = {
  phoneNumber: '1',
  addressLine1: 'Obere Str. 57',
  website: 'w1',
  email: 'e1',
  currencyId: null,
  creditLimit: '5',
}
const I: Values = {
  telephone1: '1',
  address1_line1: 'Obere Str. 57',
  websiteurl: 'w1',
  emailaddress1: 'e1',
  transactioncurrencyid: USD,
  creditlimit: '5',
}

/** A pair in agreement, its edits, and what each pass then says. */
export class Pair {
  readonly mapping: MappingDefinition
  local: RecordSnapshot
  integration: RecordSnapshot
  coupling: DecideInput['coupling']

  constructor(told: { local?: Values; integration?: Values; mapping?: Partial<MappingDefinition> } = {}) {
    this.mapping = { ...MAPPING, fields: [PHONE, LINE, WEBSITE, EMAIL, CURRENCY, CREDIT], ...told.mapping }
    this.local = { id: 'l1', version: 'l1', stamp: AGREED_AT, values: { ...L, ...told.local } }
    this.integration = { id: 'i1', version: 'i1', stamp: AGREED_AT, values: { ...I, ...told.integration } }
    this.coupling = recorded(this.mapping, this.local, this.integration, { by: 'JOB', source: 'LOCAL' })
  }

  editLocal(values: Values, stamp = LATER): this {
    this.local = { ...written(this.local, values), stamp }
    return this
  }

  editIntegration(values: Values, stamp = LATER): this {
    this.integration = { ...written(this.integration, values), stamp }
    return this
  }

  ask(pass: PassDirection, told: Partial<DecideInput> = {}): Decision {
    const [source, destination] =
      pass === TO ? [this.local, this.integration] : [this.integration, this.local]
    return decide({
      mapping: this.mapping,
      pass,
      mode: { kind: 'scheduled' },
      source: found(source),
      destination: found(destination),
      coupling: this.coupling,
      skipped: false,
      inFilter: true,
      unread: true,
      match: { kind: 'none' },
      context: MONEY_CONTEXT,
      clocks: CLOCKS,
      ...told,
    })
  }

  /** Carries out what was decided and records it, as a person's when he asked. */
  carryOut(decision: Decision, last: { by: 'JOB' | 'MANUAL'; source: 'LOCAL' | 'INTEGRATION' }): this {
    if (decision.outcome === 'modified') {
      this.local = written(this.local, decision.writes.local)
      this.integration = written(this.integration, decision.writes.integration)
    }
    this.coupling = recorded(this.mapping, this.local, this.integration, last)
    return this
  }
}
