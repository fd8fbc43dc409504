import { expect } from 'vitest'
import type { Entity, Reply, TestSandbox } from './support.js'
import { errorOf, records, text } from './support.js'

export const UNKNOWN = '11111111-2222-4333-8444-555555555555'
export const NOBODY = '00000000-0000-0000-0000-000000000000'

/** Writes and reads on both of Business Central's APIs: paths alone are of API v2.0, those below `own` of Accord's. */
export interface BothApis {
  /** The company in the API that has the members which API v2.0 lacks. */
  readonly own: string
  get(path: string): Promise<Reply>
  post(set: string, body: unknown): Promise<Reply>
  /** Overwrites whatever is there. */
  patch(path: string, body: unknown): Promise<Reply>
  remove(path: string): Promise<Reply>
  /** A new record by Accord's API, which must succeed. */
  created(set: string, body: unknown): Promise<Entity>
  customer(rest?: object): Promise<Entity>
  /** A person of that customer or vendor. */
  person(parent: Entity | null, rest?: object): Promise<Entity>
  /** A contact as it is now, with all members. */
  contact(entity: Entity): Promise<Entity>
  /** The only contact of type Company that a customer or vendor has. */
  companyContact(company: Entity): Promise<Entity>
}

export function bothApis(running: TestSandbox): BothApis {
  const client = running.businessCentral
  const own = `/api/accord/synchronization/v1.0/companies(${running.sandbox.businessCentral.companyId})`
  const apis: BothApis = {
    own,
    get: (path) => client.get(path),
    post: (set, body) => client.call('POST', set, { body }),
    patch: (path, body) => client.call('PATCH', path, { body, headers: { 'if-match': '*' } }),
    remove: (path) => client.call('DELETE', path),
    async created(set, body) {
      const reply = await apis.post(`${own}/${set}`, body)
      expect(errorOf(reply)).toMatchObject({ status: 201 })
      return reply.json
    },
    customer: (rest = {}) => apis.created('customers', { displayName: 'Alfreds Futterkiste', ...rest }),
    person: (parent, rest = {}) =>
      apis.created('contacts', {
        type: 'Person',
        firstName: 'Maria',
        surname: 'Anders',
        ...(parent === null ? {} : { parentId: parent['id'] }),
        ...rest,
      }),
    contact: async (entity) => (await apis.get(`${own}/contacts(${text(entity, 'id')})`)).json,
    async companyContact(company) {
      const condition = `parentId eq ${text(company, 'id')} and type eq 'Company'`
      const found = records(await apis.get(`${own}/contacts?$filter=${condition}`))
      expect(found).toHaveLength(1)
      return found[0] ?? {}
    },
  }
  return apis
}
