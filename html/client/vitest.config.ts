import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    environment: 'node',
    // Time is the fake clock's; this is for a machine that is busy with something else.
    testTimeout: 60_000,
  },
});
