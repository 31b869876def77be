import { expect, test } from 'vitest';
import { linePath } from './Plot.js';

test('a line goes through the values, and stops where there are none', () => {
  expect(linePath([0, 5, 10], 10, 100, 20)).toBe('M0.0 20.0L50.0 10.0L100.0 0.0');
  expect(linePath([1, null, 1, 1], 1, 30, 10)).toBe('M0.0 0.0M20.0 0.0L30.0 0.0');
  expect(linePath([20], 10, 100, 20)).toBe('M0.0 0.0');
  expect(linePath([], 10, 100, 20)).toBe('');
});
