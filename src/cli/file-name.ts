/** Names of devices on Windows, and characters that some file system refuses. `%` itself, so that two names stay two. */
const REFUSED = /^(?:con|prn|aux|nul|com\d|lpt\d)$|[<>:"/\\|?*%\p{Cc}]|^\.|[. ]$/giu

/** A name of a mapping or connection as the name of a file: as it is, but for what file systems refuse. */
export function fileNameOf(name: string): string {
  return `${name.replaceAll(REFUSED, (refused) => percentEncoded(refused))}.yaml`
}

function percentEncoded(text: string): string {
  return [...new TextEncoder().encode(text)]
    .map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`)
    .join('')
}
