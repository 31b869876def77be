import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Daemon, eventually } from './daemon.js';
import { freePort } from './ports.js';

export const EXAMPLES = fileURLToPath(new URL('../../../html/examples/', import.meta.url));

/** A site beside Otter: a program that serves pages on a port of its own. */
export class Site {
  readonly origin: string;
  readonly #daemon: Daemon;
  readonly #folder: string;

  private constructor(
    port: number,
    folder: string,
    command: string,
    args: readonly string[],
    env: Readonly<Record<string, string>>,
  ) {
    this.origin = `http://localhost:${port}`;
    this.#folder = folder;
    const settings = Object.entries(env).map(([name, value]) => `${name}=${value}`);
    this.#daemon = new Daemon('env', [...settings, command, ...args], join(folder, 'log'));
  }

  static async #start(
    port: number,
    command: string,
    args: readonly string[],
    env: Readonly<Record<string, string>> = {},
    folder = mkdtempSync(join(tmpdir(), 'otter-site-')),
  ): Promise<Site> {
    const site = new Site(port, folder, command, args, env);
    if (!(await eventually(30_000, () => site.#answers()))) {
      throw new Error(`the site does not start: ${site.log()}`);
    }
    return site;
  }

  /** Static files, with what stands in them replaced. */
  static async files(
    port: number,
    source: string,
    replace: Readonly<Record<string, string>>,
  ): Promise<Site> {
    const folder = mkdtempSync(join(tmpdir(), 'otter-site-'));
    cpSync(source, folder, { recursive: true });
    for (const name of readdirSync(folder)) {
      let text = readFileSync(join(folder, name), 'utf8');
      for (const [before, after] of Object.entries(replace)) {
        text = text.replaceAll(before, after);
      }
      writeFileSync(join(folder, name), text);
    }
    const args = ['-m', 'http.server', String(port), '--bind', 'localhost', '-d', folder];
    return Site.#start(port, 'python3', args, {}, folder);
  }

  static async node(
    port: number,
    args: readonly string[],
    env: Readonly<Record<string, string>>,
  ): Promise<Site> {
    return Site.#start(port, process.execPath, args, env);
  }

  static freePort(): Promise<number> {
    return freePort();
  }

  log(): string {
    return readFileSync(join(this.#folder, 'log'), 'utf8');
  }

  async end(): Promise<void> {
    await this.#daemon.end('SIGTERM');
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #answers(): Promise<boolean> {
    try {
      return (await fetch(`${this.origin}/`)).ok;
    } catch {
      return false;
    }
  }
}
