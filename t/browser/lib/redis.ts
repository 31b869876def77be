import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Daemon, eventually } from './daemon.js';
import { freePort } from './ports.js';

/** A real Redis that keeps nothing on disk. */
export class Redis {
  readonly #port: number;
  readonly #folder = mkdtempSync(join(tmpdir(), 'otter-redis-'));
  #daemon: Daemon;

  static async start(): Promise<Redis> {
    const redis = new Redis(await freePort());
    await redis.#comesUp();
    return redis;
  }

  private constructor(port: number) {
    this.#port = port;
    this.#daemon = this.#launch();
  }

  get url(): string {
    return `redis://127.0.0.1:${this.#port}`;
  }

  /** Ends it and starts it again after so long: it has forgotten everything. */
  async restart(ms: number): Promise<void> {
    await this.#daemon.end('SIGTERM');
    await new Promise((resolve) => setTimeout(resolve, ms));
    this.#daemon = this.#launch();
    await this.#comesUp();
  }

  async end(): Promise<void> {
    await this.#daemon.end('SIGTERM');
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #launch(): Daemon {
    const args = ['--bind', '127.0.0.1', '--port', String(this.#port), '--dir', this.#folder];
    return new Daemon('redis-server', [...args, '--save', ''], join(this.#folder, 'log'));
  }

  async #comesUp(): Promise<void> {
    if (!(await eventually(10_000, () => this.#listens()))) {
      throw new Error('Redis does not start');
    }
  }

  #listens(): Promise<boolean> {
    return new Promise((resolve) => {
      const socket = connect(this.#port, '127.0.0.1');
      socket.once('connect', () => {
        socket.destroy();
        resolve(true);
      });
      socket.once('error', () => {
        resolve(false);
      });
    });
  }
}
