/** Whether a text is an address of the web, with no name or password in it. */
export function isWebAddress(text: string): boolean {
  const address = URL.parse(text)
  return (
    address !== null &&
    /^https?:$/.test(address.protocol) &&
    address.username === '' &&
    address.password === ''
  )
}
