/**
 * Where the bytes of an incoming file go. `write` resolves when the store can take more; the store
 * does not keep the array.
 */
export interface Store {
  write(bytes: Uint8Array): Promise<void>;
  /** Ends it; gives the file where the store is one of its own. */
  close(): Promise<Blob | undefined>;
  abort(): void;
}

/** Folded into a blob, which the browser can move to disk, every so many bytes. */
const FOLD_AT = 4 * 1024 * 1024;

/** Collects a file in blobs. No more than `FOLD_AT` of it lies in the memory of the page. */
export class BlobStore implements Store {
  readonly #type: string;
  #blobs: Blob[] = [];
  #pieces: Uint8Array<ArrayBuffer>[] = [];
  #held = 0;

  constructor(type: string) {
    this.#type = type;
  }

  write(bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    this.#pieces.push(bytes);
    this.#held += bytes.length;
    if (this.#held >= FOLD_AT) {
      this.#fold();
    }
    return Promise.resolve();
  }

  close(): Promise<Blob> {
    this.#fold();
    return Promise.resolve(new Blob(this.#blobs, { type: this.#type }));
  }

  abort(): void {
    this.#blobs = [];
    this.#pieces = [];
  }

  #fold(): void {
    this.#blobs.push(new Blob(this.#pieces));
    this.#pieces = [];
    this.#held = 0;
  }
}

/** Writes a file to a stream that the application has given. */
export class SinkStore implements Store {
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;

  constructor(sink: WritableStream<Uint8Array>) {
    this.#writer = sink.getWriter();
  }

  async write(bytes: Uint8Array): Promise<void> {
    await this.#writer.ready;
    await this.#writer.write(bytes);
  }

  async close(): Promise<undefined> {
    await this.#writer.close();
  }

  abort(): void {
    this.#writer.abort().catch(() => undefined);
  }
}
