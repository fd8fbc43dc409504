import { Fragment, type ReactNode } from 'react'
import { Instant } from './instant.js'

/** A time as the API writes it in a sentence, in UTC. */
const INSTANT = /(\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?Z)/

/** A sentence of the API, with its times in the zone of whoever reads it; the exact instant shows on hover and focus. */
export function TextWithInstants({ text }: { readonly text: string }): ReactNode {
  // Splitting by a group keeps what it caught, at every odd place.
  return text
    .split(INSTANT)
    .map((part, place) => <Fragment key={place}>{place % 2 === 1 ? <Instant at={part} /> : part}</Fragment>)
}
