/** Mutations that an answer proposes, each as a document that can be sent as it is. A test holds them to the schema. */
export const ACTION_DOCUMENTS = {
  resumeConnection: `mutation ($name: String) { resumeConnection(name: $name) { id } }`,
  enableConnection: `mutation ($name: String!) { enableConnection(name: $name) { id } }`,
  resumeIntegrationTableMapping: `mutation ($name: String!, $connection: String) {
  resumeIntegrationTableMapping(name: $name, connection: $connection) { id }
}`,
  checkConnection: `mutation ($connection: String) { checkConnection(connection: $connection) { id } }`,
  retrySynchRun: `mutation ($id: ID!) { retrySynchRun(id: $id) { id } }`,
  synchronizeMapping: `mutation ($name: String!, $connection: String) {
  synchronizeMapping(name: $name, connection: $connection) { id }
}`,
  rehearseMapping: `mutation ($name: String!, $connection: String, $changes: JSONObject!) {
  rehearseMapping(name: $name, connection: $connection, changes: $changes) { id status }
}`,
  createRecords: `mutation ($mapping: String!, $connection: String, $side: Side!, $ids: [ID!]!) {
  createRecords(mapping: $mapping, connection: $connection, side: $side, ids: $ids) { __typename }
}`,
  coupleByMatching: `mutation ($mapping: String!, $connection: String) {
  coupleByMatching(mapping: $mapping, connection: $connection) { id }
}`,
  allowDeletions: `mutation ($id: ID!) { allowDeletions(id: $id) { id } }`,
  restoreRecords: `mutation ($ids: [ID!]!) {
  restoreRecords(ids: $ids) { __typename ... on Failed { message remedy } ... on ChangedSince { message } }
}`,
  deleteCouplings: `mutation ($ids: [ID!]!) { deleteCouplings(ids: $ids) { removed busy unknown } }`,
  retrySkippedSynchRecords: `mutation ($ids: [ID!]!) { retrySkippedSynchRecords(ids: $ids) { id } }`,
  resolveSkippedSynchRecords: `mutation (
  $ids: [ID!]!, $keep: Side, $merge: Boolean, $fields: [FieldChoice!], $seenVersions: [SeenSkippedSynchRecord!]
) {
  resolveSkippedSynchRecords(ids: $ids, keep: $keep, merge: $merge, fields: $fields, seenVersions: $seenVersions) {
    __typename ... on Applied { written } ... on ChangedSince { message } ... on Failed { message remedy }
  }
}`,
  retryAllSkippedSynchRecords: `mutation ($filter: SkippedSynchRecordFilter) {
  retryAllSkippedSynchRecords(filter: $filter) { restored message }
}`,
  applyRule: `mutation ($rehearsalId: ID!) {
  applyRule(rehearsalId: $rehearsalId) { __typename ... on RuleApplied { version } ... on RuleNotApplied { message remedy } }
}`,
  undoWrites: `mutation ($ids: [ID!]!) { undoWrites(ids: $ids) { outcome message } }`,
} as const

export type ActionName = keyof typeof ACTION_DOCUMENTS

/** A mutation to call, with its variables. */
export interface Action {
  readonly mutation: ActionName
  readonly variables: Readonly<Record<string, unknown>>
  /** What it does, one sentence. */
  readonly text: string
}
