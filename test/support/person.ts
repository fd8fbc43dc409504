import type { RunningSandbox } from '../../sandbox/sandbox.js'

type Row = Readonly<Record<string, unknown>>

/** A text as a literal of an OData filter. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}

/** Somebody who edits records in both systems over plain HTTP, with an account other than Accord's. */
export class Person {
  private constructor(
    private readonly sandbox: RunningSandbox,
    private readonly token: string,
  ) {}

  static async arrive(sandbox: RunningSandbox): Promise<Person> {
    const answer = await fetch(sandbox.tokenUrl, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: sandbox.personClientId,
        client_secret: sandbox.personClientSecret,
        scope: `${new URL(sandbox.dataverse.url).origin}/.default`,
      }),
    })
    const { access_token: token } = (await answer.json()) as { access_token: string }
    return new Person(sandbox, token)
  }

  /** The customer with that number, or null. */
  async customer(number: string): Promise<Row | null> {
    return this.first(`${this.customers}?$filter=${encodeURIComponent(`number eq ${quoted(number)}`)}`)
  }

  async customerNamed(name: string): Promise<Row | null> {
    return this.first(`${this.customers}?$filter=${encodeURIComponent(`displayName eq ${quoted(name)}`)}`)
  }

  async customerById(id: string): Promise<Row | null> {
    return this.first(`${this.customers}?$filter=id eq ${id}`)
  }

  async editCustomer(id: string, changes: Row): Promise<Row> {
    return this.send('PATCH', `${this.customers}(${id})`, changes, { 'if-match': '*' })
  }

  async createCustomer(values: Row): Promise<Row> {
    return this.send('POST', this.customers, values)
  }

  async deleteCustomer(id: string): Promise<void> {
    await this.send('DELETE', `${this.customers}(${id})`, null, { 'if-match': '*' })
  }

  async countCustomers(): Promise<number> {
    return this.count(`${this.customers}?$count=true&$top=1`)
  }

  /** The account by that filter, or null. */
  async account(filter: string): Promise<Row | null> {
    return this.first(`${this.sandbox.dataverse.url}/accounts?$filter=${encodeURIComponent(filter)}`)
  }

  async accountById(id: string): Promise<Row | null> {
    return this.account(`accountid eq ${id}`)
  }

  async editAccount(id: string, changes: Row): Promise<Row> {
    return this.send('PATCH', `${this.sandbox.dataverse.url}/accounts(${id})`, changes, {
      'if-match': '*',
      prefer: 'return=representation',
    })
  }

  async createAccount(values: Row): Promise<Row> {
    return this.send('POST', `${this.sandbox.dataverse.url}/accounts`, values, {
      prefer: 'return=representation',
    })
  }

  async deleteAccount(id: string): Promise<void> {
    await this.send('DELETE', `${this.sandbox.dataverse.url}/accounts(${id})`, null)
  }

  async countAccounts(): Promise<number> {
    return this.count(`${this.sandbox.dataverse.url}/accounts?$select=accountid&$count=true&$top=1`)
  }

  private get customers(): string {
    return `${this.sandbox.businessCentral.url}/companies(${this.sandbox.businessCentral.companyId})/customers`
  }

  private async first(url: string): Promise<Row | null> {
    const { value } = (await this.send('GET', url, null)) as { value?: readonly Row[] }
    return value?.[0] ?? null
  }

  private async count(url: string): Promise<number> {
    return Number((await this.send('GET', url, null))['@odata.count'])
  }

  async send(
    method: string,
    url: string,
    body: Row | null,
    headers: Record<string, string> = {},
  ): Promise<Row> {
    const answer = await fetch(url, {
      method,
      headers: {
        authorization: `Bearer ${this.token}`,
        accept: 'application/json',
        ...(body === null ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === null ? {} : { body: JSON.stringify(body) }),
    })
    const text = await answer.text()
    if (!answer.ok) throw new Error(`${method} ${url} answered ${answer.status}: ${text}`)
    return text === '' ? {} : (JSON.parse(text) as Row)
  }
}
