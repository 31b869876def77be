import { createHash, randomBytes } from 'node:crypto';
import { createReadStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(path)) {
    hash.update(piece as Buffer);
  }
  return hash.digest('hex');
}

/** A file of random bytes, and how to get rid of it. */
export function randomFile(name: string, size: number): { path: string; remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'otter-file-'));
  const path = join(folder, name);
  writeFileSync(path, randomBytes(size));
  return {
    path,
    remove: () => {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
