import { expect, test } from 'vitest';
import { hasFlag, parseShout, withFlag } from './shouts.js';

test.each([
  { otter: 'reaction', reaction: 'heart' },
  { otter: 'ask-mute', to: 'peer-1' },
  { otter: 'read', id: 'm'.repeat(64) },
])('takes %j', (shout) => {
  expect(parseShout({ ...shout, from: 'forged' })).toEqual(shout);
});

test.each([
  null,
  'reaction',
  {},
  { otter: 'reaction', reaction: 'constructor' },
  { otter: 'reaction', reaction: '👍' },
  { otter: 'ask-mute' },
  { otter: 'ask-mute', to: '' },
  { otter: 'read', id: 'm'.repeat(65) },
  { otter: 'unmute', to: 'peer-1' },
])('takes nothing from %j', (data) => {
  expect(parseShout(data)).toBeNull();
});

test('a flag is set and taken away, and nothing else of the description changes', () => {
  const up = withFlag({ team: 'blue' }, 'hand', true);
  expect(up).toEqual({ team: 'blue', hand: true });
  expect(hasFlag(up, 'hand')).toBe(true);
  expect(hasFlag(up, 'recording')).toBe(false);
  expect(withFlag(up, 'hand', false)).toEqual({ team: 'blue' });
  expect(withFlag(null, 'recording', true)).toEqual({ recording: true });
  expect([null, 'x', { hand: 'yes' }].some((metadata) => hasFlag(metadata, 'hand'))).toBe(false);
});
