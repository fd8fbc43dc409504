import type { Connection } from '../common/database.js'
import { LOCAL_CURRENCY } from '../business-central/company.js'
import { ZERO_GUID } from '../business-central/table.js'

/**
 * Inserts that many customers with one statement: the same ones at every start, each with a name and number of its own,
 * stamped within the year before `latest` (epoch ms).
 */
export async function generateCustomers(
  connection: Connection,
  count: number,
  latest: number,
): Promise<void> {
  await connection.query(
    `insert into customers (id, number, "displayName", "addressLine1", city, country, "postalCode", "phoneNumber", email, website,
       "salespersonCode", "creditLimit", "currencyId", "currencyCode", "paymentTermsId", "lastModifiedDateTime", "recordVersion")
     select md5('generated customer ' || n)::uuid,
       'G' || lpad(n::text, 7, '0'),
       (array['Alpine', 'Baltic', 'Central', 'Delta', 'Eastern', 'Fjord', 'Grand', 'Harbour', 'Iron', 'Jade', 'Keystone'])[1 + n % 11]
         || ' ' || (array['Bakery', 'Foods', 'Hotels', 'Import', 'Kitchens', 'Logistics', 'Markets', 'Outfitters', 'Trading'])[1 + n % 9]
         || ' ' || n,
       (1 + n % 240) || ' ' || (array['Main Street', 'Mill Lane', 'Station Road', 'Market Square', 'Harbour Way'])[1 + n % 5],
       place.city, place.country, lpad((10000 + n % 89999)::text, 5, '0'),
       '+' || place.prefix || ' ' || (100 + n % 900) || ' ' || lpad(((n * 7919) % 10000000)::text, 7, '0'),
       'info@customer-' || n || '.example.com',
       'https://customer-' || n || '.example.com',
       coalesce((select code from "salespeoplePurchasers" order by code offset n % 9 limit 1), ''),
       1000 + (n % 50) * 500,
       coalesce(c.id, $3::uuid), coalesce(c.code, $4), $5::uuid,
       to_timestamp($2::double precision / 1000) - ((n::bigint * 7919) % 31536000) * interval '1 second' + (n % 1000) * interval '1 millisecond',
       nextval('record_version')
     from generate_series(1, $1::int) n
     join (values (0, 'Seattle', 'US', '1', null), (1, 'Hamburg', 'DE', '49', 'EUR'), (2, 'London', 'GB', '44', 'GBP'),
       (3, 'Lyon', 'FR', '33', 'EUR'), (4, 'Portland', 'US', '1', null)) as place(nr, city, country, prefix, currency) on place.nr = n % 5
     left join currencies c on c.code = place.currency`,
    [count, latest, ZERO_GUID, LOCAL_CURRENCY, await firstPaymentTerms(connection)],
  )
}

async function firstPaymentTerms(connection: Connection): Promise<string> {
  const result = await connection.query<{ id: string }>(
    'select id::text from "paymentTerms" order by code limit 1',
  )
  return result.rows[0]?.id ?? ZERO_GUID
}
