import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core'
import { unpackChromium } from './chromium.js'

/** A page of a browser context of its own (own cookies), and what went wrong in it so far. */
export interface WatchedPage {
  readonly page: Page
  /**
   * What went wrong since the page was opened: errors written to the console (among them answers of 400 and above), exceptions
   * nobody caught, violations of the content security policy, requests to any address but 127.0.0.1. In order, one text each.
   */
  problems(): readonly string[]
  close(): Promise<void>
}

export interface TestBrowser {
  /** A page without cookies, 1,280 by 800 pixels, in English, unless told otherwise. */
  newPage(options?: BrowserContextOptions): Promise<WatchedPage>
  close(): Promise<void>
}

const HERE = '127.0.0.1'

/** The browser reaches this machine alone; without a sandbox, since that wants rights that containers lack. */
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--font-render-hinting=none',
  `--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE ${HERE}`,
]

/**
 * Starts a real browser, without a window: one for all tests of a file, with a page per test. On Linux (x64) it comes with the
 * package @sparticuz/chromium; elsewhere it is the Chrome that is installed. Throws, with what to do, when it does not start.
 */
export async function openBrowser(): Promise<TestBrowser> {
  const browser = await launch()
  return {
    newPage: (options = {}) => newPage(browser, options),
    close: () => browser.close(),
  }
}

async function launch(): Promise<Browser> {
  const bundled = process.platform === 'linux' && process.arch === 'x64'
  try {
    if (!bundled) return await chromium.launch({ channel: 'chrome', args: FLAGS })
    const { executable, environment } = await unpackChromium()
    const env = { ...process.env, ...environment } as Record<string, string>
    return await chromium.launch({ executablePath: executable, args: FLAGS, env })
  } catch (error) {
    const remedy = bundled
      ? 'It comes with the package @sparticuz/chromium and is unpacked into the folder "accord" of the user\'s cache: is there space (300 MB), and may programs be started from there?'
      : 'The tests need Google Chrome on this system: install it.'
    throw new Error(`The browser of the tests does not start. ${remedy}`, { cause: error })
  }
}

async function newPage(browser: Browser, options: BrowserContextOptions): Promise<WatchedPage> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    locale: 'en-US',
    ...options,
  })
  const problems: string[] = []
  await context.exposeFunction('accordTestViolation', (text: string) => {
    problems.push(`Content security policy: ${text}`)
  })
  await context.addInitScript(reportViolations)
  const page = await context.newPage()
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(`Console: ${message.text()} (${message.location().url})`)
  })
  page.on('pageerror', (error) => problems.push(`Exception: ${error.message}`))
  page.on('request', (request) => {
    const { protocol, hostname, href } = new URL(request.url())
    if (protocol.startsWith('http') && hostname !== HERE) problems.push(`Another address: ${href}`)
  })
  return { page, problems: () => problems, close: () => context.close() }
}

/** Runs in the page, before anything of its own. */
function reportViolations(): void {
  const page = globalThis as unknown as {
    addEventListener(
      type: 'securitypolicyviolation',
      listener: (event: { effectiveDirective: string; blockedURI: string }) => void,
    ): void
    accordTestViolation(text: string): Promise<void>
  }
  page.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI }) => {
    void page.accordTestViolation(`${effectiveDirective} refused ${blockedURI}`)
  })
}
