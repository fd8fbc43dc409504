import type { Answer } from './answer.js'

/** What a page in a browser tells of a record. All of it is plain text. */
export interface ShownRecord {
  /** `Business Central`, `Dynamics 365 Sales`. */
  readonly product: string
  /** `Customer`. */
  readonly caption: string
  readonly title: string
  /** When it was changed last, and by whom where that is known: in the order in which they are to be read. */
  readonly stamps: readonly ShownField[]
  readonly fields: readonly ShownField[]
}

export interface ShownField {
  readonly caption: string
  readonly value: string
}

const STYLE = `
  :root { color-scheme: light dark; }
  body { margin: 0; font: 15px/1.45 "Segoe UI", system-ui, sans-serif; }
  header { padding: 10px 24px; background: #0b556a; color: #fff; font-weight: 600; }
  main { max-width: 960px; margin: 0 auto; padding: 20px 24px 48px; }
  h1 { margin: 4px 0 8px; font-size: 28px; line-height: 1.2; overflow-wrap: anywhere; }
  p { margin: 0; opacity: 0.75; }
  dl { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 280px), 1fr)); gap: 14px 32px; margin: 28px 0 0; }
  dt { font-size: 13px; opacity: 0.75; }
  dd { margin: 0; min-height: 1.45em; padding: 2px 0 4px; border-bottom: 1px solid #8886; overflow-wrap: anywhere; white-space: pre-line; }`

/** A record as the system's own application would show it: to be read, not to be changed. */
export function recordPage({ product, caption, title, stamps, fields }: ShownRecord): Answer {
  const list = fields
    .map(({ caption: label, value }) => `<div><dt>${escaped(label)}</dt><dd>${escaped(value)}</dd></div>`)
    .join('\n')
  const told = stamps.map(({ caption: label, value }) => `${label}: ${value}`).join(' · ')
  return page(
    200,
    product,
    title,
    `<p>${escaped(caption)}</p>\n<h1>${escaped(title)}</h1>\n<p>${escaped(told)}</p>\n<dl>\n${list}\n</dl>`,
  )
}

/** Says that there is no such record, or no page for it. */
export function noRecordPage(product: string, reason: string): Answer {
  return page(404, product, reason, `<h1>${escaped(reason)}</h1>`)
}

function page(status: number, product: string, title: string, content: string): Answer {
  const body = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escaped(title)} - ${escaped(product)}</title>
<style>${STYLE}
</style>
</head>
<body>
<header>${escaped(product)} (sandbox)</header>
<main>
${content}
</main>
</body>
</html>
`
  return {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy':
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'",
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    },
    body,
    rows: 0,
  }
}

/** A time as PostgreSQL writes it in UTC, to the second. */
export function shownTime(text: string): string {
  const time = new Date(text)
  if (Number.isNaN(time.getTime())) return text
  return `${time.toISOString().slice(0, 19).replace('T', ' ')} UTC`
}

/** A decimal without the zeros at its end. */
export function shownDecimal(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => ESCAPES[character] ?? '')
}
