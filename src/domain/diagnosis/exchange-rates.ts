import type { Finding } from '../finding.js'
import { otherSide, type Side } from '../value.js'
import { DiagnosisCode } from './code.js'
import { diagnose } from './diagnose.js'

/** A rate of Business Central: so many units of the currency are so many of the other, from a day on. */
export interface DatedRate {
  /** `YYYY-MM-DD`; null: from the beginning. */
  readonly from: string | null
  /** Whether both amounts are there and not zero. */
  readonly usable: boolean
}

/** What both systems know of currencies. Codes are in capitals. */
export interface Currencies {
  /** The side of Business Central. */
  readonly side: Side
  /** Today, `YYYY-MM-DD`. */
  readonly today: string
  /** LCY Code of Business Central; null: blank. */
  readonly localCurrency: string | null
  /** ISO code of Dataverse's base currency; null: it could not be told. */
  readonly baseCurrency: string | null
  /** `used`: mapped records are in it. */
  readonly businessCentral: readonly {
    readonly code: string
    readonly used: boolean
    readonly rates: readonly DatedRate[]
  }[]
  readonly dataverse: readonly {
    readonly code: string
    readonly used: boolean
    readonly usable: boolean
    /** The day of its last change. */
    readonly since: string
  }[]
}

/**
 * Currencies that records are in, or that both systems have, and for which one of them has no exchange rate; and whether the two
 * systems' own currencies fit each other.
 */
export function examineCurrencies(currencies: Currencies): readonly Finding[] {
  return [...examineOwn(currencies), ...examineBusinessCentral(currencies), ...examineDataverse(currencies)]
}

function examineOwn(currencies: Currencies): readonly Finding[] {
  const { side, localCurrency, baseCurrency, businessCentral, dataverse } = currencies
  const findings: Finding[] = []
  if (localCurrency === null) {
    findings.push(
      diagnose(DiagnosisCode.localCurrencyMissing, {
        side,
        what: 'To synchronize with Dataverse, you must specify the LCY Code in General Ledger Setup.',
        evidence: 'companyInformation: currencyCode is blank',
      }),
    )
  } else if (!dataverse.some(({ code }) => code === localCurrency)) {
    findings.push(
      diagnose(DiagnosisCode.localCurrencyUnknown, {
        side: otherSide(side),
        what: `Your local currency code ${localCurrency} does not match any ISO Currency Code in the Dataverse currency table.`,
        evidence: `isocurrencycode: ${dataverse.map(({ code }) => code).join(', ')}`,
      }),
    )
  }
  const isKnown =
    baseCurrency === null ||
    baseCurrency === localCurrency ||
    businessCentral.some(({ code }) => code === baseCurrency)
  if (!isKnown) {
    findings.push(
      diagnose(DiagnosisCode.baseCurrencyUnknown, {
        side,
        what: `The base currency ${baseCurrency} of the Dataverse environment must exist in Business Central and it must have an exchange rate.`,
        evidence: `currencies: ${businessCentral.map(({ code }) => code).join(', ')}`,
      }),
    )
  }
  return findings
}

function examineBusinessCentral(currencies: Currencies): readonly Finding[] {
  const { side, today, localCurrency, businessCentral, dataverse } = currencies
  const inBoth = new Set(dataverse.map(({ code }) => code))
  return businessCentral.flatMap(({ code, used, rates }) => {
    if (code === localCurrency || (!used && !inBoth.has(code))) return []
    const gap = gapOf(rates, today)
    if (gap === null) return []
    return [
      diagnose(DiagnosisCode.exchangeRateMissing, {
        side,
        what: `Business Central has no exchange rate for the currency ${code} ${gap}.`,
        cause: `Amounts in ${code} cannot be converted there, and Business Central refuses documents in it.`,
        remedy: `In Business Central open Currencies, choose ${code}, Exch. Rates, and enter a rate with a starting date no later than ${today}.`,
        evidence: `currencyExchangeRates of ${code}: ${rates.length === 0 ? 'none' : rates.map(shown).join(', ')}`,
      }),
    ]
  })
}

/** From when on a rate is missing, as far as that matters today; null: there is one in force. */
export function gapOf(rates: readonly DatedRate[], today: string): string | null {
  const dated = rates.toSorted((one, other) => ((one.from ?? '') < (other.from ?? '') ? -1 : 1))
  const [first] = dated
  if (first === undefined) return 'from any date'
  const inForce = dated.findLast(({ from }) => (from ?? '') <= today)
  if (inForce === undefined) return `before ${first.from}`
  if (inForce.usable) return null
  return inForce.from === null ? 'from any date' : `from ${inForce.from} on: the rate of that date is zero`
}

function shown({ from, usable }: DatedRate): string {
  return `${from ?? 'no date'}${usable ? '' : ' (zero)'}`
}

function examineDataverse(currencies: Currencies): readonly Finding[] {
  const { side, baseCurrency, localCurrency, businessCentral, dataverse } = currencies
  const inBoth = new Set([localCurrency, ...businessCentral.map(({ code }) => code)])
  return dataverse.flatMap(({ code, used, usable, since }) => {
    if (usable || code === baseCurrency || (!used && !inBoth.has(code))) return []
    return [
      diagnose(DiagnosisCode.exchangeRateMissing, {
        side: otherSide(side),
        what: `Dataverse has no exchange rate for the currency ${code} since ${since}.`,
        cause: `Dataverse converts amounts in ${code} to the base currency by it, and refuses them without.`,
        remedy: `In the settings of the environment open Currencies, choose ${code} and enter its exchange rate.`,
        evidence: `transactioncurrencies: exchangerate of ${code} is empty or zero`,
        link: 'https://learn.microsoft.com/power-platform/admin/manage-transactions-with-multiple-currencies',
      }),
    ]
  })
}
