import type { TestEngine } from './engine.js'

export type RawRow = Readonly<Record<string, unknown>>

/** What both systems hold on the wire, read by a person: every row of a set, by its id. */
export class RawRows {
  private readonly known = new Map<string, Promise<ReadonlyMap<string, RawRow>>>()

  constructor(private readonly engine: TestEngine) {}

  /** A set of Business Central: of Accord's own API page where that has it, else of API v2.0. */
  businessCentral(set: string): Promise<ReadonlyMap<string, RawRow>> {
    const { url, companyId } = this.engine.sandbox.businessCentral
    const custom = ['customers', 'vendors', 'contacts', 'items'].includes(set)
    const root = custom ? url.replace(/v2\.0$/, 'accord/synchronization/v1.0') : url
    return this.read(`${root}/companies(${companyId})/${set}`, 'id')
  }

  dataverse(set: string, key: string): Promise<ReadonlyMap<string, RawRow>> {
    return this.read(`${this.engine.sandbox.dataverse.url}/${set}`, key)
  }

  /** Labels of the options of a column of accounts, by value. */
  async labels(column: string): Promise<ReadonlyMap<string, string>> {
    const query = `$select=LogicalName&$filter=LogicalName eq '${column}'&$expand=OptionSet($select=Options)`
    const { value } = (await this.engine.person.send(
      'GET',
      `${this.engine.sandbox.dataverse.url}/EntityDefinitions(LogicalName='account')/Attributes/Microsoft.Dynamics.CRM.PicklistAttributeMetadata?${query}`,
      null,
    )) as unknown as {
      value: readonly {
        OptionSet: { Options: readonly { Value: number; Label: { UserLocalizedLabel: { Label: string } } }[] }
      }[]
    }
    const options = value[0]?.OptionSet.Options ?? []
    return new Map(options.map((option) => [String(option.Value), option.Label.UserLocalizedLabel.Label]))
  }

  private read(url: string, key: string): Promise<ReadonlyMap<string, RawRow>> {
    const reading = this.known.get(url) ?? this.readAll(url, key)
    this.known.set(url, reading)
    return reading
  }

  private async readAll(url: string, key: string): Promise<ReadonlyMap<string, RawRow>> {
    const rows = new Map<string, RawRow>()
    let next: string | undefined = url
    while (next !== undefined) {
      const page: RawRow = await this.engine.person.send('GET', next, null)
      for (const row of page['value'] as readonly RawRow[]) rows.set(String(row[key]), row)
      next = page['@odata.nextLink'] as string | undefined
    }
    return rows
  }
}
