import { expect, test } from 'vitest';
import { HUES, hueOf } from './hue.js';

test('a person has one colour, and colours are spread', () => {
  const counts = new Array<number>(HUES).fill(0);
  for (let person = 0; person < 800; person += 1) {
    const hue = hueOf(`guest-${String(person)}`);
    expect(hue).toBe(hueOf(`guest-${String(person)}`));
    counts[hue] = (counts[hue] ?? 0) + 1;
  }
  for (const count of counts) {
    expect(count).toBeGreaterThan(40);
  }
});
