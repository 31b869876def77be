import { PrivateFolder } from './private-folder.js';

/** Where an incoming file is written to. */
export interface Place {
  /** `picked` by the person, the origin's `private` file system, or the `memory` of the page. */
  readonly kind: 'picked' | 'private' | 'memory';
  /** Absent for memory, which the transfer takes care of itself. */
  readonly sink?: WritableStream<Uint8Array>;
  /** What the file is called where it was picked. */
  readonly name?: string;
  /** The file where it can be read back, after its end. */
  readonly file?: () => Promise<File>;
  /** Gets rid of what is there of it. */
  readonly discard: () => void;
}

/** `closed`: the person did not want to pick one. `full`: the disk. `large`: for the memory. */
export type NoPlace = 'closed' | 'full' | 'large';

export interface Wanted {
  readonly name: string;
  readonly size: number;
}

type Picker = (options: { readonly suggestedName: string }) => Promise<FileSystemFileHandle>;

/** What of the browser is needed for it; absent parts are absent in some browsers. */
export interface Means {
  readonly picker?: Picker | undefined;
  readonly storage?: Pick<StorageManager, 'getDirectory' | 'estimate'> | undefined;
  readonly folder: Pick<PrivateFolder, 'create'>;
}

/** Where nothing can be written to disk, files up to this size are kept all the same. */
export const MOST_IN_MEMORY = 256 * 1_000_000;

/** Left over by a file, for what else the browser keeps. */
const SPARE = 16 * 1_000_000;

declare global {
  interface Window {
    readonly showSaveFilePicker?: Picker;
  }
}

const ownFolder = new PrivateFolder();

export function meansOfBrowser(): Means {
  const picker = window.showSaveFilePicker?.bind(window);
  // Absent where the page is no secure context, whatever the types say.
  const storage = (navigator as { storage?: StorageManager }).storage;
  return { picker, storage, folder: ownFolder };
}

function isNamed(error: unknown, name: string): boolean {
  return error instanceof Error && error.name === name;
}

async function pick(picker: Picker, { name }: Wanted): Promise<Place | NoPlace | null> {
  try {
    const handle = await picker({ suggestedName: name });
    return {
      kind: 'picked',
      name: handle.name,
      sink: await handle.createWritable(),
      // What was written so far is dropped with the stream; the file is the person's.
      discard: () => undefined,
    };
  } catch (error) {
    // Frames of another origin, policies and locked folders refuse it: there are other places.
    return isNamed(error, 'AbortError') ? 'closed' : null;
  }
}

async function hasRoom(storage: NonNullable<Means['storage']>, size: number): Promise<boolean> {
  try {
    const { quota, usage } = await storage.estimate();
    return quota === undefined || quota - (usage ?? 0) >= size + SPARE;
  } catch {
    return true;
  }
}

async function keep({ storage, folder }: Means, { size }: Wanted): Promise<Place | NoPlace | null> {
  if (storage === undefined || typeof storage.getDirectory !== 'function') {
    return null;
  }
  try {
    const kept = await folder.create(storage);
    if (!(await hasRoom(storage, size))) {
      kept.discard();
      return 'full';
    }
    return { kind: 'private', ...kept };
  } catch {
    // A private window, or a browser that writes there only from workers.
    return null;
  }
}

/**
 * Finds a place for a file: one that the person picks, else the private file system, else memory,
 * which takes little. The picker opens only in the handler of a click.
 */
export async function placeFor(wanted: Wanted, means = meansOfBrowser()): Promise<Place | NoPlace> {
  const picked = means.picker && (await pick(means.picker, wanted));
  const place = picked ?? (await keep(means, wanted));
  if (place !== null) {
    return place;
  }
  return wanted.size <= MOST_IN_MEMORY ? { kind: 'memory', discard: () => undefined } : 'large';
}
