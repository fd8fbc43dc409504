import { describe, expect, test } from 'vitest'
import { tableOf } from '../../src/domain/catalog/tables.js'
import { recordUrl } from '../../src/domain/record-url.js'

const CUSTOMER = tableOf('BUSINESS_CENTRAL', 'customers')
const ACCOUNT = tableOf('DATAVERSE', 'accounts')
const ID = '0b5c2f9e-8d37-4a52-9c1e-6f1f0e4b7a21'

describe('the address of a record', () => {
  test('opens the card in the web client where the connection names it', () => {
    const settings = {
      url: 'https://api.businesscentral.dynamics.com/v2.0/production/api/v2.0',
      companyId: 'c0',
      webClientUrl: 'https://businesscentral.dynamics.com/tenant/production?company=CRONUS',
    }
    expect(recordUrl({ kind: 'BUSINESS_CENTRAL', settings }, CUSTOMER, ID)).toBe(
      `https://businesscentral.dynamics.com/tenant/production?company=CRONUS&page=21&filter='SystemId'%20IS%20'${ID}'`,
    )
  })

  test('opens the form of the model-driven app where the connection names it', () => {
    const open = (appUrl: string) => recordUrl({ kind: 'DATAVERSE', settings: { appUrl } }, ACCOUNT, ID)
    expect(open('https://contoso.crm.dynamics.com/')).toBe(
      `https://contoso.crm.dynamics.com/main.aspx?etn=account&pagetype=entityrecord&id=${ID}`,
    )
    expect(open('https://contoso.crm.dynamics.com/main.aspx?appid=a1')).toBe(
      `https://contoso.crm.dynamics.com/main.aspx?appid=a1&etn=account&pagetype=entityrecord&id=${ID}`,
    )
  })

  test('is the address in the API otherwise', () => {
    const businessCentral = { url: 'http://127.0.0.1:7001/api/v2.0/', companyId: 'c0' }
    expect(recordUrl({ kind: 'BUSINESS_CENTRAL', settings: businessCentral }, CUSTOMER, ID)).toBe(
      `http://127.0.0.1:7001/api/v2.0/companies(c0)/customers(${ID})`,
    )
    const dataverse = { url: 'http://127.0.0.1:7002/api/data/v9.2' }
    expect(recordUrl({ kind: 'DATAVERSE', settings: dataverse }, ACCOUNT, ID)).toBe(
      `http://127.0.0.1:7002/api/data/v9.2/accounts(${ID})`,
    )
  })

  test('is null where the settings name no address', () => {
    expect(recordUrl({ kind: 'BUSINESS_CENTRAL', settings: { url: 'http://x' } }, CUSTOMER, ID)).toBeNull()
    expect(recordUrl({ kind: 'DATAVERSE', settings: { url: 7 } }, ACCOUNT, ID)).toBeNull()
  })
})
