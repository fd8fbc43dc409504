/** In which order a culture writes the numbers of a date. */
type DateOrder = 'DAY_MONTH_YEAR' | 'MONTH_DAY_YEAR' | 'YEAR_MONTH_DAY'

/** How a culture writes numbers and dates. */
export interface Culture {
  readonly order: DateOrder
  /** The decimal separator. */
  readonly decimal: ',' | '.'
  /** Each of these characters may separate thousands. */
  readonly thousands: string
  /** Currency symbols that may stand before or behind an amount. */
  readonly currency: readonly string[]
}

/** Space, no-break space, narrow no-break space: cultures that group by spaces use them alike. */
const SPACES = ' \u00a0\u202f'
const EURO = ['€']
const KRONE = ['kr.', 'kr']

/**
 * The cultures that rules read, by their names in Business Central. Tables of our own instead of the runtime's: what a rule
 * reads never changes with the machine or its version. Where Windows and Unicode differ in the separator of thousands, both
 * are read. Separators of dates (`-` `/` `.` space) and of times (`:` `.`) are read alike everywhere.
 */
export const CULTURES = {
  'cs-CZ': { order: 'DAY_MONTH_YEAR', decimal: ',', thousands: SPACES, currency: ['Kč'] },
  'da-DK': { order: 'DAY_MONTH_YEAR', decimal: ',', thousands: '.', currency: KRONE },
  'de-AT': { order: 'DAY_MONTH_YEAR', decimal: ',', thousands: `.${SPACES}`, currency: EURO },
  'de-CH': { order: 'DAY_MONTH_YEAR', decimal: '.', thousands: "'’", currency: ['CHF', 'Fr.'] },
  'de-DE': { order: 'DAY_MONTH_YEAR', decimal: ',', thousands: '.', currency: EURO },
  'en-AU': { order: 'DAY_MONTH_YEAR', decimal: '.', thousands: ',', currency: ['$'] },
  'en-CA': { order: 'YEAR_MONTH_DAY', decimal: '.', thousands: ',', currency: ['$'] },
  'en-GB': { order: 'DAY_MONTH_YEAR', decimal: '.', thousands: ',', currency: ['£'] },
  'en-IE': { order: 'DAY_MONTH_YEAR', decimal: '.', thousands: ',', currency: EURO },
  'en-NZ': { order: 'DAY_MONTH_YEAR', decimal: '.', thousands: ',', currency: ['$'] },
  'en-US': { order: 'MONTH_DAY_YEAR', decimal: '.', thousands: ',', currency: ['$'] },
  'es-ES': { order: 'DAY_MONTH_YEAR', decimal: ',', thousands: '.', currency: EURO },
  'es-MX': { order: 'DAY_MONTH_YEAR', decimal: '.', thousands: ',', currency: ['$'] },
  'fi-FI': { order: 'DAY_MONTH_YEAR', decimal: ',', thousands: SPACES, currency: EURO },
  'fr-BE': { order: 'DAY_MONTH_YEAR', decimal: ',', thousands: `.${SPACES}`, currency: EURO },
  'fr-CA': { order: 'YEAR_MONTH_DAY', decimal: ',', thousands: SPACES, currency: ['$'] },
  'fr-FR': { order: 'DAY_MONTH_YEAR', decimal: ',', thousands: SPACES, currency: EURO },
  'is-IS': { order: 'DAY_MONTH_YEAR', decimal: ',', thousands: '.', currency: KRONE },
  'it-IT': { order: 'DAY_MONTH_YEAR', decimal: ',', thousands: '.', currency: EURO },
  'nb-NO': { order: 'DAY_MONTH_YEAR', decimal: ',', thousands: SPACES, currency: KRONE },
  'nl-BE': { order: 'DAY_MONTH_YEAR', decimal: ',', thousands: '.', currency: EURO },
  'nl-NL': { order: 'DAY_MONTH_YEAR', decimal: ',', thousands: '.', currency: EURO },
  'pl-PL': { order: 'DAY_MONTH_YEAR', decimal: ',', thousands: SPACES, currency: ['zł'] },
  'pt-PT': { order: 'DAY_MONTH_YEAR', decimal: ',', thousands: `.${SPACES}`, currency: EURO },
  'sv-SE': { order: 'YEAR_MONTH_DAY', decimal: ',', thousands: SPACES, currency: KRONE },
} as const satisfies Readonly<Record<string, Culture>>

export type CultureName = keyof typeof CULTURES

export const CULTURE_NAMES = Object.keys(CULTURES) as readonly CultureName[]

/** What is read where a rule names no culture: a point before decimals, commas between thousands. */
export const INVARIANT_CULTURE = {
  decimal: '.',
  thousands: ',',
  currency: [],
} as const satisfies Pick<Culture, 'decimal' | 'thousands' | 'currency'>
