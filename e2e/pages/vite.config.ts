import { type Connect, defineConfig } from 'vite'
import { isolation, plainHost } from '../../vite.config.ts'

/** The plain test pages of this folder: `scripts/test-pages.ts` builds and serves them. */
export default defineConfig({
  root: import.meta.dirname,
  publicDir: false,
  preview: {
    headers: isolation,
    allowedHosts: [plainHost],
    // To a frame without an origin every module comes from elsewhere.
    cors: true,
  },
  plugins: [
    {
      // Vite's "not modified" repeats no headers. WebKit takes it for the answer of a server that
      // does not isolate, and starts no second worker from the modules of the first.
      name: 'always-whole',
      configurePreviewServer: ({ middlewares }) => answerWhole(middlewares),
    },
    {
      // Else Chromium asks for one, and its 404 is an error on the console of every page.
      name: 'no-icon',
      transformIndexHtml: () => [{ tag: 'link', attrs: { rel: 'icon', href: 'data:,' } }],
    },
  ],
  worker: { format: 'es' },
})

function answerWhole(middlewares: Connect.Server): void {
  middlewares.use((request, _response, next) => {
    delete request.headers['if-none-match']
    next()
  })
}
