import type { ConnectOptions } from '../types.js';

/** The join token, and where a fresh one comes from. */
export class Credentials {
  readonly #source: ConnectOptions['token'];
  #token: string | null = null;

  constructor(source: ConnectOptions['token']) {
    this.#source = source;
  }

  /** Whether the server has yet to judge the present token. */
  fresh = true;

  get renewable(): boolean {
    return typeof this.#source === 'function';
  }

  /** The present token, asked for when there is none. */
  async get(): Promise<string> {
    if (this.#token === null) {
      this.#token = typeof this.#source === 'string' ? this.#source : await this.#source();
      this.fresh = true;
    }
    return this.#token;
  }

  /** Forgets the token where a fresh one can be had. */
  renew(): void {
    if (this.renewable) {
      this.#token = null;
    }
  }
}
