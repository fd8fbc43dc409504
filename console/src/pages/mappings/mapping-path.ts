/** Where the page of a mapping lies. */
export function mappingPath(connection: string, name: string, tab?: string): string {
  const place = `/mappings/${encodeURIComponent(connection)}/${encodeURIComponent(name)}`
  return tab === undefined ? place : `${place}/${tab}`
}
