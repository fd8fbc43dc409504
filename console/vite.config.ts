import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

/** The server puts a nonce of its own in this place with every answer. */
const NONCE = 'ACCORD_NONCE'

export default defineConfig({
  root: import.meta.dirname,
  // Relative to the address of the page, whatever path Accord is reached at.
  base: './',
  plugins: [react()],
  html: { cspNonce: NONCE },
  build: {
    outDir: '../dist/console',
    emptyOutDir: true,
    target: 'es2023',
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    chunkSizeWarningLimit: 1500,
  },
})
