import { defineConfig } from '@playwright/test';

/** What the tests need: fake devices, and nothing that asks the internet. */
const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--use-fake-device-for-media-stream',
  '--use-fake-ui-for-media-stream',
  '--autoplay-policy=no-user-gesture-required',
];

export default defineConfig({
  testDir: 'specs',
  // Two browsers that send video to each other keep two cores busy.
  workers: 1,
  timeout: 120_000,
  expect: { timeout: 20_000 },
  forbidOnly: true,
  // Media that is timed fails for want of a processor; test.sh says what needed it.
  retries: 1,
  reporter: 'list',
  outputDir: 'test-results',
  use: {
    headless: true,
    permissions: ['camera', 'microphone'],
    viewport: { width: 1000, height: 700 },
    launchOptions: { executablePath: '/usr/bin/chromium', args: ARGS },
    trace: 'off',
  },
});
