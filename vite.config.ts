import react from '@vitejs/plugin-react'
import svgr from 'vite-plugin-svgr'
import { defineConfig } from 'vitest/config'

// What the sidebar runs before its first paint, in two files and the bundler's own runtime; a group
// takes along all that its modules import. `main` is small, so that it asks the endpoint while the
// other is on its way. As chunks by who shares them the same modules take six. Forms, panels, other
// locations and words stay lazy.
const FIRST_PAINT = [
  { name: 'main', test: /src.app.main\.tsx$|vite.preload-helper/, priority: 2 },
  { name: 'first-paint', test: /src.app.(render|locations.TicketSidebar)\.tsx$/, priority: 1 },
]

// One mode a product: `app` (the iframe), `endpoint` (Node server and Lambda handler), `sandbox`
// (the page that looks like Zendesk, and the SDK it hands to the app).
const builds = {
  app: {
    root: 'src/app',
    base: './',
    build: {
      outDir: '../../dist/app',
      emptyOutDir: true,
      manifest: 'manifest.json',
      // Without lists of what each lazy part needs: they grow the first script with every part.
      modulePreload: { polyfill: false, resolveDependencies: () => [] },
      rolldownOptions: {
        input: 'src/app/main.tsx',
        output: { codeSplitting: { groups: FIRST_PAINT } },
      },
    },
  },
  endpoint: {
    build: {
      outDir: 'dist/endpoint',
      emptyOutDir: true,
      ssr: true,
      minify: true,
      rolldownOptions: {
        input: {
          node: 'src/endpoint/runtimes/node.ts',
          lambda: 'src/endpoint/runtimes/lambda.ts',
        },
        external: ['@electric-sql/pglite', 'pg-native'],
      },
    },
    ssr: { noExternal: true as const },
  },
  sandbox: {
    root: 'src/sandbox/page',
    base: '/',
    build: { outDir: '../../../dist/sandbox', emptyOutDir: true },
  },
}

const nodeTests = { environment: 'node' as const, testTimeout: 60_000, hookTimeout: 120_000 }

export default defineConfig(({ mode }) => {
  const product = builds[mode as keyof typeof builds]
  // A product is the same whoever builds it: under vitest's NODE_ENV it would hold React's development build.
  if (product !== undefined) process.env['NODE_ENV'] = 'production'
  return {
    plugins: [react(), svgr()],
    ...product,
    test: {
      projects: [
        {
          extends: true,
          test: {
            ...nodeTests,
            name: 'unit',
            include: ['test/**/*.test.ts'],
            exclude: ['test/storage/**', 'test/e2e/**', 'test/faults/**'],
            globalSetup: ['test/support/browser.ts'],
          },
        },
        {
          extends: true,
          test: {
            name: 'app',
            environment: 'jsdom',
            include: ['test/**/*.test.tsx'],
            setupFiles: ['test/support/jsdom.ts'],
            testTimeout: 60_000,
          },
        },
        {
          extends: true,
          test: {
            ...nodeTests,
            name: 'storage',
            include: ['test/storage/**/*.test.ts', 'test/faults/**/*.test.ts'],
            globalSetup: ['test/support/postgres-server.ts'],
            testTimeout: 120_000,
          },
        },
        {
          extends: true,
          test: {
            ...nodeTests,
            name: 'e2e',
            include: ['test/e2e/**/*.test.ts'],
            globalSetup: ['test/support/browser.ts'],
            testTimeout: 120_000,
            fileParallelism: false,
          },
        },
      ],
    },
  }
})
