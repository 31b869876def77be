import { defineConfig } from 'vitest/config';

/** Builds the library into one ES module, `dist/sdk/otter.js`, beside the app in `html/dist`. */
export default defineConfig({
  build: {
    target: 'es2022',
    outDir: '../dist/sdk',
    emptyOutDir: true,
    sourcemap: false,
    minify: 'esbuild',
    reportCompressedSize: false,
    lib: {
      entry: 'src/index.ts',
      formats: ['es'],
      fileName: () => 'otter.js',
    },
  },
  test: {
    include: ['test/**/*.test.ts'],
    environment: 'node',
  },
});
