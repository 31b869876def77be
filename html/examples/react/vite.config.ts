import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Otter is mounted on the site's own origin; here the development server stands for the site. */
const server = process.env.OTTER_SERVER ?? 'http://localhost:8080';

export default defineConfig({
  plugins: [react()],
  server: {
    port: 8090,
    strictPort: true,
    proxy: { '/otter/': { target: server, ws: true } },
  },
});
