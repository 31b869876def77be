import config from '../../html/eslint.config.js';

/** The rules of html/, whose tools these tests use. */
export default [
  ...config,
  {
    // Playwright reads from an empty pattern that a fixture needs no other one.
    files: ['lib/test.ts'],
    rules: { 'no-empty-pattern': 'off' },
  },
  {
    files: ['pages/*.js'],
    languageOptions: {
      globals: {
        BroadcastChannel: false,
        crypto: false,
        document: false,
        location: false,
        MediaStream: false,
        navigator: false,
        RTCPeerConnection: false,
        setTimeout: false,
        URLSearchParams: false,
        WebSocket: false,
        window: false,
      },
    },
  },
];
