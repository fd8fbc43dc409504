import { ADDRESS, BLANK_OPTION, boolean, code, date, guid, option, tableWithPage, text } from './table.js'
import { CURRENCY_RELATION, salesperson } from './trade-tables.js'

export const { stored: CONTACTS, page: CONTACTS_PAGE } = tableWithPage(
  {
    name: 'contacts',
    entity: 'contact',
    caption: 'Contact',
    primary: 'number',
    series: { prefix: 'CT', digits: 6, step: 1 },
    nameRequired: true,
    nameParts: ['firstName', 'middleName', 'surname'],
    relations: [CURRENCY_RELATION],
    codeRelations: [salesperson('salespersonCode', 'Salesperson Code')],
    columns: [
      code('number', 20, { unique: true }),
      option('type', ['Company', 'Person']),
      text('displayName', 100, { required: true, indexed: true }),
      text('jobTitle', 30),
      code('companyNumber', 20, { indexed: true }),
      text('companyName', 100),
      option(
        'contactBusinessRelation',
        [BLANK_OPTION, 'Customer', 'Vendor', 'Bank_x0020_Account', 'Employee', 'None', 'Other', 'Multiple'],
        { readOnly: true },
      ),
      ...ADDRESS,
      text('phoneNumber', 30),
      text('mobilePhoneNumber', 30),
      text('email', 80, { indexed: true }),
      text('website', 255),
      text('searchName', 100),
      boolean('privacyBlocked'),
      text('taxRegistrationNumber', 50),
      date('lastInteractionDate', { readOnly: true }),
    ],
  },
  [
    text('firstName', 30),
    text('middleName', 30),
    text('surname', 30),
    text('fax', 30),
    text('pager', 30),
    code('salespersonCode', 20),
    guid('currencyId'),
    code('currencyCode', 10),
    // The customer or vendor that the contact's company is; of the company's own contact it is the link itself.
    guid('parentId', { indexed: true }),
    option('parentType', [BLANK_OPTION, 'Customer', 'Vendor'], { readOnly: true }),
  ],
)
