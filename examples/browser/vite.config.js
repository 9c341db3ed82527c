// `source` makes a checkout of openseam run from its sources; a project that installed the package leaves it out.
export default {
  base: './',
  resolve: { conditions: ['source', 'browser', 'module', 'import', 'default'] },
  build: { target: 'esnext', chunkSizeWarningLimit: 2_000 }
}
