import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    environment: 'happy-dom',
    // The page in the frame is a matter for real browsers.
    environmentOptions: { happyDOM: { settings: { disableIframePageLoading: true } } },
    onConsoleLog: (log) => !log.includes('Iframe page loading is disabled'),
    testTimeout: 60_000,
  },
});
