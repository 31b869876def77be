import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { OtterError } from '../src/errors.js';
import { REMEDIES } from '../src/remedies.js';

const SOURCES = fileURLToPath(new URL('../src/', import.meta.url));

function sources(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? sources(join(folder, entry.name)) : [join(folder, entry.name)],
  );
}

describe('a failure', () => {
  it('has a remedy by its code', () => {
    expect(new OtterError('device-denied', '').remedy).toBe('allow');
    expect(new OtterError('room-full', '', { status: 409 }).remedy).toBe('wait');
    expect(new OtterError('token-expired', '', { status: 401 }).remedy).toBe('new-token');
  });

  it.each([
    [401, 'new-token'],
    [403, 'ask'],
    [429, 'retry'],
    [503, 'retry'],
    [undefined, 'retry'],
  ] as const)('of another code, with status %s, has %s', (status, remedy) => {
    expect(new OtterError('of-another-version', '', { status }).remedy).toBe(remedy);
    expect(new OtterError('constructor', '', { status }).remedy).toBe(remedy);
  });

  it('has a code that the table knows, wherever the library makes one', () => {
    const text = sources(SOURCES)
      .map((path) => readFileSync(path, 'utf8'))
      .join('\n');
    const made = [
      ...text.matchAll(/new OtterError\(\s*'([^']+)'/g),
      ...text.matchAll(/toOtterError\([^()]+, '([^']+)'\)/g),
      ...text.matchAll(/\w+Error: '([^']+)'/g),
    ].map(([, code]) => code ?? '');
    expect(made.length).toBeGreaterThan(30);
    expect(made.filter((code) => !(code in REMEDIES))).toEqual([]);
  });
});
