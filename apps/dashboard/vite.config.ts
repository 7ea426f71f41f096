/** How the dashboard is built: static files in dist/, code beside the first paint in chunks of its own. */
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const SERVER = 'http://127.0.0.1:8080';

export default defineConfig({
  plugins: [react()],
  build: { target: 'es2023', sourcemap: false, outDir: 'dist', emptyOutDir: true },
  // `npx vite apps/dashboard` while changing it: the API comes from a server that runs beside.
  server: { proxy: { '/v1': { target: SERVER, ws: true } } },
  preview: { proxy: { '/v1': { target: SERVER, ws: true } } },
});
