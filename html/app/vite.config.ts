import react from '@vitejs/plugin-react';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

/** Where `npm run dev` finds a running Otter to talk to. */
const server = process.env.OTTER_SERVER ?? 'http://127.0.0.1:8080';

/** nginx fills these in at serving time; the development server has to do it itself. */
function servedByNginx(): Plugin {
  return {
    name: 'otter-served-by-nginx',
    apply: 'serve',
    transformIndexHtml: {
      order: 'pre',
      handler: (html) =>
        html
          .replaceAll('%OTTER_PREFIX%', '/otter/')
          .replaceAll(
            '%OTTER_CONFIG%',
            '{&quot;prefix&quot;:&quot;/otter/&quot;,&quot;guests&quot;:true,&quot;max_peers&quot;:8}',
          ),
    },
  };
}

/** Builds the page into `html/dist`: index.html and assets/. */
export default defineConfig(({ command }) => ({
  // Relative when built: the prefix is known only when the page is served.
  base: command === 'serve' ? '/otter/' : './',
  plugins: [react(), servedByNginx()],
  build: {
    target: 'es2022',
    outDir: '../dist',
    // html/package.json empties it; the client library lies there as well.
    emptyOutDir: false,
    // The CSP allows no data: URLs for fonts.
    assetsInlineLimit: 0,
    sourcemap: false,
    modulePreload: { polyfill: false },
  },
  server: {
    proxy: {
      '^/otter/(ws|token|session|ice-servers|turn|health)(\\?|$)': { target: server, ws: true },
    },
  },
  test: {
    include: ['src/**/*.test.ts'],
    environment: 'node',
    // The style sheets themselves are looked at, as text.
    css: true,
  },
}));
