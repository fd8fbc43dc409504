/** What a browser keeps and sends: cookies by origin. Follows redirects as far as it is told to. */
export class Browser {
  private readonly cookies = new Map<string, { readonly path: string; readonly pair: string }>()
  /** What was set, as it was set. */
  readonly set: string[] = []

  cookieOf(name: string): string | undefined {
    return [...this.cookies].find(([key]) => key.endsWith(` ${name}`))?.[1].pair.split('=')[1]
  }

  /** One request, without following. */
  async request(address: string | URL, init: RequestInit = {}): Promise<Response> {
    const url = new URL(address)
    const sent = [...this.cookies]
      .filter(([key, { path }]) => key.startsWith(`${url.origin} `) && url.pathname.startsWith(path))
      .map(([, { pair }]) => pair)
    const headers = new Headers(init.headers)
    if (sent.length > 0) headers.set('cookie', sent.join('; '))
    const response = await fetch(url, { ...init, headers, redirect: 'manual' })
    for (const cookie of response.headers.getSetCookie()) this.keep(url, cookie)
    return response
  }

  /** Goes there, and wherever it is sent from there; returns the last answer, and all addresses on the way. `before`: the path at which to stop. */
  async go(
    address: string | URL,
    before?: string,
  ): Promise<{ readonly response: Response; readonly way: readonly URL[] }> {
    const way = [new URL(address)]
    for (;;) {
      const at = way.at(-1) as URL
      const response = await this.request(at)
      const to = response.headers.get('location')
      if (to === null || way.length > 20) return { response, way }
      way.push(new URL(to, at))
      if (way.at(-1)?.pathname === before) return { response, way }
    }
  }

  private keep(url: URL, cookie: string): void {
    this.set.push(cookie)
    const [pair = '', ...attributes] = cookie.split(';').map((part) => part.trim())
    const [name = '', value] = pair.split('=')
    const path = attributes.find((part) => /^path=/i.test(part))?.slice(5) ?? '/'
    const key = `${url.origin} ${name}`
    const isGone = value === '' || attributes.some((part) => /^max-age=0$|^expires=.*1970/i.test(part))
    if (isGone) this.cookies.delete(key)
    else this.cookies.set(key, { path, pair })
  }
}
