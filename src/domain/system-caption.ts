import type { SystemKind } from './schema.js'

const CAPTIONS: Readonly<Record<SystemKind, string>> = {
  BUSINESS_CENTRAL: 'Business Central',
  DATAVERSE: 'Sales',
  POSTGRESQL: 'PostgreSQL',
  ODATA: 'OData',
}

/** What people call a system of that kind. */
export function systemCaption(kind: SystemKind): string {
  return CAPTIONS[kind]
}
