interface Count {
  calls: number
  rows: number
}

/** Counts calls and the records they returned, per method and path pattern; items of batches are counted apart. */
export class Metrics {
  private calls = new Map<string, Count>()
  private items = new Map<string, Count>()
  private since = Date.now()

  call(method: string, url: string, rows: number): void {
    count(this.calls, method, url, rows)
  }

  item(method: string, url: string, rows: number): void {
    count(this.items, method, url, rows)
  }

  reset(): void {
    this.calls = new Map()
    this.items = new Map()
    this.since = Date.now()
  }

  report(): object {
    return {
      since: new Date(this.since).toISOString(),
      total: total(this.calls),
      calls: Object.fromEntries(this.calls),
      items: Object.fromEntries(this.items),
    }
  }
}

function count(counts: Map<string, Count>, method: string, url: string, rows: number): void {
  const name = `${method} ${pattern(url)}`
  const known = counts.get(name)
  if (known === undefined) counts.set(name, { calls: 1, rows })
  else {
    known.calls += 1
    known.rows += rows
  }
}

/** `https://host/api/v2.0/companies(1234...)/customers(5678...)?$top=1` -> `customers({id})`, whichever API of Business Central it is. */
function pattern(url: string): string {
  const path = url.replace(/^https?:\/\/[^/]*/i, '').split('?', 1)[0] ?? ''
  const short = path
    .replace(/^.*\/api\/(?:[^/]+\/[^/]+\/)?v[12]\.0(?=\/|$)/i, '')
    .replace(/^\/api\/data\/v9\.2(?=\/|$)/i, '')
    .replace(/^\/?companies\([^)]*\)\//i, '')
    .replace(/\([^)]*\)/g, '({id})')
    .replace(/^\//, '')
  return short === '' ? '/' : short.replaceAll('%24', '$')
}

function total(counts: ReadonlyMap<string, Count>): Count {
  const sum = { calls: 0, rows: 0 }
  for (const entry of counts.values()) {
    sum.calls += entry.calls
    sum.rows += entry.rows
  }
  return sum
}
