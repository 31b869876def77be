import { File as NodeFile } from 'node:buffer';
import { webcrypto } from 'node:crypto';

// What every browser has and Node 18 keeps in modules.
const missing: Record<string, unknown> = { crypto: webcrypto, File: NodeFile };

for (const [name, value] of Object.entries(missing)) {
  if (!(name in globalThis)) {
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  }
}
