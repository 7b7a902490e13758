import { resolve } from 'node:path'
import { type Connect, defineConfig } from 'vite'
import { isolation, plainHost } from '../../vite.config.ts'

const repository = resolve(import.meta.dirname, '../..')

const anotherCopy = '?another-copy'

/** Serves the plain test pages of this folder straight from source. */
export default defineConfig({
  root: import.meta.dirname,
  cacheDir: resolve(repository, 'node_modules/.cache/latchkey/pages'),
  server: {
    headers: isolation,
    fs: { allow: [repository] },
    allowedHosts: [plainHost],
    // To a frame without an origin every module comes from elsewhere.
    cors: true,
    // A page that reloads itself while a test holds a lock in it is a failure nobody can explain:
    // no watching, and no packages that are found, bundled and reloaded at the first request.
    hmr: false,
    watch: null,
  },
  plugins: [
    {
      // Vite's "not modified" repeats no headers. WebKit takes it for the answer of a server that
      // does not isolate, and starts no second worker from the modules of the first.
      name: 'always-whole',
      configureServer: ({ middlewares }) => answerWhole(middlewares),
      configurePreviewServer: ({ middlewares }) => answerWhole(middlewares),
    },
    {
      // Else Chromium asks for one, and its 404 is an error on the console of every page.
      name: 'no-icon',
      transformIndexHtml: () => [{ tag: 'link', attrs: { rel: 'icon', href: 'data:,' } }],
    },
    {
      // It reloads a page whose socket was cut, as that of a frozen page is.
      name: 'no-client',
      transformIndexHtml: {
        order: 'post',
        handler: (html) => html.replace(/<script[^>]*\/@vite\/client[^>]*><\/script>/, ''),
      },
    },
    {
      // What a module of another copy imports belongs to that copy too.
      name: 'another-copy',
      enforce: 'pre',
      async resolveId(source, importer) {
        if (!importer?.endsWith(anotherCopy) || !source.startsWith('.')) return null
        const resolved = await this.resolve(source, importer.slice(0, -anotherCopy.length))
        return resolved === null ? null : resolved.id + anotherCopy
      },
    },
  ],
  optimizeDeps: { noDiscovery: true },
  worker: { format: 'es' },
})

function answerWhole(middlewares: Connect.Server): void {
  middlewares.use((request, _response, next) => {
    delete request.headers['if-none-match']
    next()
  })
}
