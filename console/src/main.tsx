import { createRoot } from 'react-dom/client'
import { BASE } from './api/base.js'
import { App } from './app.js'
import './main.css'
import { startTexts } from './i18n/index.js'
import { preloadPage } from './pages/index.js'

// Reached past the proxy that knows of the path below which Accord lies: the pages lie there all the same.
if (!`${location.pathname}/`.startsWith(BASE)) {
  history.replaceState(null, '', `${BASE}${location.pathname.slice(1)}${location.search}`)
}
// What the address shows is fetched while it is still asked who is there.
preloadPage(location.pathname.slice(BASE.length))
await startTexts()
const root = document.getElementById('root')
if (root === null) throw new Error('The page has no element with the id root.')
createRoot(root).render(<App />)
