import { createHash, randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { Sha256 } from '../src/util/sha256.js';

const reference = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

describe('Sha256', () => {
  it('gives the digests of FIPS 180-4', () => {
    const text = (value: string): string =>
      new Sha256().update(new TextEncoder().encode(value)).digest();

    expect(text('')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
    expect(text('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
    expect(text('abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq')).toBe(
      '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1',
    );
    expect(text('a'.repeat(1_000_000))).toBe(
      'cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0',
    );
  });

  it('agrees with another implementation at every length around the blocks', () => {
    for (let length = 0; length <= 260; length++) {
      const bytes = randomBytes(length);
      expect(new Sha256().update(bytes).digest(), `length ${length}`).toBe(reference(bytes));
    }
  });

  it('does not depend on how the input is cut', () => {
    const bytes = randomBytes(5000);
    const expected = reference(bytes);
    for (const step of [1, 3, 63, 64, 65, 127, 128, 1000, 4999]) {
      const hash = new Sha256();
      for (let at = 0; at < bytes.length; at += step) {
        hash.update(bytes.subarray(at, at + step));
      }
      expect(hash.digest(), `pieces of ${step}`).toBe(expected);
    }
  });

  it('hashes a view that does not begin at the start of its buffer', () => {
    const bytes = randomBytes(1000);
    expect(new Sha256().update(bytes.subarray(7, 900)).digest()).toBe(
      reference(bytes.subarray(7, 900)),
    );
  });

  it('gives the same digest twice and takes nothing afterwards', () => {
    const hash = new Sha256().update(new Uint8Array([1, 2, 3]));
    expect(hash.digest()).toBe(hash.digest());
    expect(() => hash.update(new Uint8Array(1))).toThrow();
  });
});
