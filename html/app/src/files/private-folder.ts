const ROOT = 'otter-files';

/** A download that was begun at the end still reads the file for a while. */
const LINGER_MS = 60_000;

interface Kept {
  readonly sink: WritableStream<Uint8Array>;
  readonly file: () => Promise<File>;
  readonly discard: () => void;
}

function quietly(work: Promise<unknown>): void {
  work.catch(() => undefined);
}

/**
 * The folder of this page in the origin's private file system. It goes with the page: those of pages
 * that are gone are removed by the next one, which knows by their locks that nobody has them.
 */
export class PrivateFolder {
  readonly #name = crypto.getRandomValues(new Uint32Array(2)).join('-');
  #folder: Promise<FileSystemDirectoryHandle> | null = null;
  #files = 0;

  async create(storage: Pick<StorageManager, 'getDirectory'>): Promise<Kept> {
    this.#folder ??= this.#open(storage);
    const folder = await this.#folder;
    const name = String((this.#files += 1));
    const handle = await folder.getFileHandle(name, { create: true });
    return {
      sink: await handle.createWritable(),
      file: () => handle.getFile(),
      discard: () => {
        setTimeout(() => {
          quietly(folder.removeEntry(name));
        }, LINGER_MS);
      },
    };
  }

  async #open(storage: Pick<StorageManager, 'getDirectory'>): Promise<FileSystemDirectoryHandle> {
    const root = await (await storage.getDirectory()).getDirectoryHandle(ROOT, { create: true });
    await this.#hold();
    quietly(sweep(root));
    return root.getDirectoryHandle(this.#name, { create: true });
  }

  /** Has the lock of this folder for as long as there is the page. */
  #hold(): Promise<void> {
    return new Promise((resolve, reject) => {
      navigator.locks
        .request(`${ROOT}/${this.#name}`, () => {
          resolve();
          return new Promise(() => undefined);
        })
        .catch(reject);
    });
  }
}

/** Removes the folders of pages that are gone. */
async function sweep(root: FileSystemDirectoryHandle): Promise<void> {
  for await (const name of root.keys()) {
    await navigator.locks.request(`${ROOT}/${name}`, { ifAvailable: true }, async (lock) => {
      if (lock !== null) {
        await root.removeEntry(name, { recursive: true }).catch(() => undefined);
      }
    });
  }
}

/** Removes what earlier pages have left; nothing where there is no such file system. */
export async function tidy(): Promise<void> {
  try {
    const root = await (await navigator.storage.getDirectory()).getDirectoryHandle(ROOT);
    await sweep(root);
  } catch {
    // There is none, or nothing in it.
  }
}
