/** Bounds of what is kept for sending again. */
const MAX_ENTRIES = 512;
const MAX_CHARS = 4_000_000;

interface Entry {
  readonly number: number;
  readonly text: string;
  /** Worth sending in another session too. */
  readonly durable: boolean;
  sent: boolean;
}

/**
 * Counts the messages of a session as the server does, and keeps those that the server may not
 * have taken: nothing on a socket tells that a message has arrived, until a `welcome` says how many
 * have.
 */
export class Outbox {
  #entries: Entry[] = [];
  #chars = 0;
  #last = 0;

  /** Number of the message added last. */
  get last(): number {
    return this.#last;
  }

  /** Adds a message and returns its number in the session. */
  add(text: string, options: { readonly sent: boolean; readonly durable: boolean }): number {
    this.#last++;
    this.#entries.push({ number: this.#last, text, ...options });
    this.#chars += text.length;
    while (this.#entries.length > MAX_ENTRIES || this.#chars > MAX_CHARS) {
      this.#drop();
    }
    return this.#last;
  }

  /** The server has taken every message up to this number. */
  confirm(number: number): void {
    while (this.#entries[0] && this.#entries[0].number <= number) {
      this.#drop();
    }
  }

  /**
   * What to send on the socket that continues the session, and whether something may be missing.
   * `received` null: the server does not know and counts anew, so only what never saw a socket is
   * sent, and is the first to be counted.
   */
  resume(received: number | null): { readonly texts: readonly string[]; readonly lossy: boolean } {
    let lossy = received === null && this.#entries.some((entry) => entry.sent);
    if (received === null) {
      this.#recount(this.#entries.filter((entry) => !entry.sent));
    } else {
      this.confirm(received);
      const first = this.#entries[0];
      lossy = (first ? first.number - 1 : this.#last) > received;
    }
    const texts = this.#entries.map((entry) => entry.text);
    for (const entry of this.#entries) {
      entry.sent = true;
    }
    return { texts, lossy };
  }

  /** Starts counting for a new session; returns what to send there. */
  restart(): readonly string[] {
    this.#recount(this.#entries.filter((entry) => entry.durable && !entry.sent));
    for (const entry of this.#entries) {
      entry.sent = true;
    }
    return this.#entries.map((entry) => entry.text);
  }

  #drop(): void {
    const entry = this.#entries.shift();
    this.#chars -= entry?.text.length ?? 0;
  }

  /** Keeps only these, the first of which has number 1 from now on. */
  #recount(kept: readonly Entry[]): void {
    this.#entries = kept.map((entry, index) => ({ ...entry, number: index + 1 }));
    this.#chars = kept.reduce((sum, entry) => sum + entry.text.length, 0);
    this.#last = kept.length;
  }
}
