import { expect, test } from 'vitest';
import {
  formatBits,
  formatBytes,
  formatDuration,
  formatList,
  formatShare,
  formatTime,
  formatTimeSpan,
  initials,
  percent,
} from './format.js';

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [1000, '1.0 kB'],
  [1549, '1.5 kB'],
  [9960, '10 kB'],
  [999_499, '999 kB'],
  [999_500, '1.0 MB'],
  [52_428_800, '52 MB'],
  [1_000_000_000, '1.0 GB'],
  [5e15, '5000 TB'],
])('%d bytes are %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});

test('percent stays within bounds and is 100 only at the end', () => {
  expect(percent(0, 10)).toBe(0);
  expect(percent(999, 1000)).toBe(99);
  expect(percent(10, 10)).toBe(100);
  expect(percent(0, 0)).toBe(100);
  expect(percent(20, 10)).toBe(100);
});

test.each([
  [0, '0:00'],
  [7_900, '0:07'],
  [750_000, '12:30'],
  [3_723_000, '1:02:03'],
  [-5, '0:00'],
])('%d ms last %s', (milliseconds, text) => {
  expect(formatDuration(milliseconds)).toBe(text);
});

test('time of day follows the locale', () => {
  const at = new Date(2026, 0, 1, 15, 4).getTime();
  expect(formatTime(at, 'de')).toBe('15:04');
  expect(formatTime(at, 'en-US')).toMatch(/^03:04\sPM$/);
});

test.each([
  ['Ada Lovelace', 'AL'],
  ['ada', 'A'],
  ['Anna-Lena von Arnim', 'AA'],
  ['王', '王'],
  ['🦦 Otter', 'O'],
  ['guest-4f1a', 'G4'],
  ['', '?'],
  ['🦦', '?'],
])('%s is %s', (name, letters) => {
  expect(initials(name)).toBe(letters);
});

test('lists names as people would', () => {
  expect(formatList(['Ada'])).toBe('Ada');
  expect(formatList(['Ada', 'Bo'])).toBe('Ada and Bo');
  expect(formatList(['Ada', 'Bo', 'Cy'])).toBe('Ada, Bo, and Cy');
});

test('rates, parts and spans', () => {
  expect(formatBits(0)).toBe('0 kbit/s');
  expect(formatBits(850_400)).toBe('850 kbit/s');
  expect(formatBits(999_499)).toBe('999 kbit/s');
  expect(formatBits(999_500)).toBe('1 Mbit/s');
  expect(formatBits(1_250_000, 'de')).toBe('1,3 Mbit/s');
  expect(formatShare(0.005)).toBe('0.5%');
  expect(formatShare(0.123)).toBe('12%');
  expect(formatTimeSpan(1.25)).toBe('1.3 ms');
  expect(formatTimeSpan(48.7)).toBe('49 ms');
});
