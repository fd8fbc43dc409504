import pLimit from 'p-limit'
import type { SandboxFacts } from './sandboxes.js'

type Row = Readonly<Record<string, unknown>>

const OPERATIONS_IN_BATCH = 100
const CALLS_AT_ONCE = 4

/** Somebody who edits many records in both systems with an account of his own, by bulk calls. */
export class Person {
  private constructor(
    private readonly facts: SandboxFacts,
    private readonly token: string,
  ) {}

  static async arrive(
    facts: SandboxFacts,
    clientId = facts.personClientId,
    secret = facts.personClientSecret,
  ) {
    const answer = await fetch(facts.tokenUrl, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: clientId,
        client_secret: secret,
        scope: `${new URL(facts.dataverse.url).origin}/.default`,
      }),
    })
    const { access_token: token } = (await answer.json()) as { access_token: string }
    return new Person(facts, token)
  }

  /** Changes customers, a hundred a call. */
  async editCustomers(ids: readonly string[], changes: (id: string) => Row): Promise<void> {
    const { companyId, url } = this.facts.businessCentral
    await inPieces(ids, OPERATIONS_IN_BATCH, async (piece) => {
      const requests = piece.map((id, index) => ({
        id: String(index),
        method: 'PATCH',
        url: `companies(${companyId})/customers(${id})`,
        headers: { 'Content-Type': 'application/json', 'If-Match': '*' },
        body: changes(id),
      }))
      const answer = (await this.post(`${url}/$batch`, { requests })) as {
        responses: readonly { status: number }[]
      }
      const refused = answer.responses.find((response) => response.status > 299)
      if (refused !== undefined) throw new Error(`An edit was refused: ${JSON.stringify(refused)}`)
    })
  }

  /** Changes accounts, a hundred a call. */
  async editAccounts(ids: readonly string[], changes: (id: string) => Row): Promise<void> {
    await inPieces(ids, OPERATIONS_IN_BATCH, async (piece) => {
      await this.post(`${this.facts.dataverse.url}/accounts/Microsoft.Dynamics.CRM.UpdateMultiple`, {
        Targets: piece.map((id) => ({
          '@odata.type': 'Microsoft.Dynamics.CRM.account',
          accountid: id,
          ...changes(id),
        })),
      })
    })
  }

  async get(url: string, headers: Readonly<Record<string, string>> = {}): Promise<Row> {
    const answer = await fetch(url, { headers: { ...this.headers, ...headers } })
    if (!answer.ok) throw new Error(`GET ${url} answered ${answer.status}: ${await answer.text()}`)
    return (await answer.json()) as Row
  }

  /** The answer's JSON; null where there is none. */
  async post(url: string, body: Row): Promise<unknown> {
    const text = await this.postText(url, JSON.stringify(body), 'application/json')
    return text === '' ? null : (JSON.parse(text) as unknown)
  }

  async postText(url: string, body: string, contentType: string): Promise<string> {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { ...this.headers, 'content-type': contentType, prefer: 'odata.continue-on-error' },
      body,
    })
    const text = await answer.text()
    if (!answer.ok) throw new Error(`POST ${url} answered ${answer.status}: ${text}`)
    return text
  }

  private get headers(): Readonly<Record<string, string>> {
    return { authorization: `Bearer ${this.token}`, accept: 'application/json' }
  }
}

/** Calls `work` with pieces of the items, four at a time. */
export async function inPieces<Item>(
  items: readonly Item[],
  size: number,
  work: (piece: readonly Item[]) => Promise<void>,
): Promise<void> {
  const limit = pLimit(CALLS_AT_ONCE)
  const pieces = Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  )
  await Promise.all(pieces.map((piece) => limit(() => work(piece))))
}
