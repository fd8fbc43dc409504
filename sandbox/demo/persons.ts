import { companyContact } from '../business-central/company-contacts.js'
import type { Trade } from '../business-central/company-contacts.js'
import type { Row } from '../common/table.js'
import { domainOf, slug } from './companies.js'

/** Longest name part and job title in Business Central. */
const LONGEST = 30

export interface PersonName {
  readonly first: string
  readonly middle: string
  readonly last: string
}

/** `José Pedro Freyre` has a middle name, `Antonio del Valle Saavedra` a long family name. */
export function splitName(name: string): PersonName {
  const [first = '', second = '', ...rest] = name.split(/\s+/)
  const middle = rest.length > 0 && second !== second.toLowerCase()
  return middle
    ? { first, middle: second, last: rest.join(' ') }
    : { first, middle: '', last: [second, ...rest].filter((part) => part !== '').join(' ') }
}

/** The person at a customer or vendor, with the address and the salesperson of the company, as Business Central hands them on. */
export function personContact(
  trade: Trade,
  company: Row,
  companyNumber: string,
  person: { readonly number: string; readonly name: string; readonly title: string },
): Row {
  const { first, middle, last } = splitName(person.name)
  return {
    ...companyContact(trade, company, companyNumber),
    number: person.number,
    type: 'Person',
    displayName: person.name,
    firstName: first,
    middleName: middle,
    surname: last,
    jobTitle: person.title.slice(0, LONGEST),
    email: `${slug(first)}.${slug(last)}@${domainOf(company['displayName'] ?? '')}`,
    taxRegistrationNumber: '',
  }
}
