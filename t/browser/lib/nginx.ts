import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Daemon, eventually } from './daemon.js';
import { freePort } from './ports.js';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const PAGES = fileURLToPath(new URL('../pages/', import.meta.url));
const OTTER = join(ROOT, 'build/bin/otter');
const WORKERS = 2;

export interface NginxOptions {
  /** Further directives of the server. */
  readonly server?: string;
  /** The Redis that joins it with other hosts. */
  readonly redis?: string;
  /** The secret that it shares with coturn, and coturn's address. */
  readonly turn?: { readonly secret: string; readonly uris: readonly string[] };
}

/** What `POST token` answers. */
export interface JoinToken {
  readonly token: string;
  readonly join_url: string;
  readonly ws_url: string;
  readonly room: string;
  readonly identity: string;
}

/** A real nginx with the module, in a folder of its own, on a free port. */
export class Nginx {
  readonly #folder: string;
  readonly #port: number;
  readonly #apiKey: string;
  #daemon: Daemon;

  static async start(options: NginxOptions = {}): Promise<Nginx> {
    const nginx = new Nginx(await freePort(), options);
    if (!(await eventually(10_000, () => nginx.#answers()))) {
      throw new Error(`nginx does not start: ${nginx.log()}`);
    }
    return nginx;
  }

  private constructor(port: number, options: NginxOptions) {
    this.#port = port;
    this.#folder = mkdtempSync(join(tmpdir(), 'otter-browser-'));
    // The workers run as another user.
    chmodSync(this.#folder, 0o755);
    const key = this.#otter('key', 'create', '--json', '--file', this.#path('keys.json'));
    this.#apiKey = (JSON.parse(key) as { key: string }).key;
    writeFileSync(this.apiKeyFile, `${this.#apiKey}\n`, { mode: 0o600 });
    this.#otter('secret', 'new', '--file', this.#path('jwt.json'));
    if (options.turn) {
      writeFileSync(this.#path('turn.secret'), `${options.turn.secret}\n`, { mode: 0o600 });
    }
    writeFileSync(this.#path('nginx.conf'), this.#configuration(options));
    this.#daemon = this.#launch();
  }

  get origin(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** A page with nothing on it but the client library. */
  get barePage(): string {
    return `${this.origin}/bare/peer.html`;
  }

  /** The key that a back end asks with, in a file of its own. */
  get apiKeyFile(): string {
    return this.#path('api-key');
  }

  get apiKey(): string {
    return this.#apiKey;
  }

  /** Closes a room, as the back end of a site does. */
  async closeRoom(room: string): Promise<void> {
    const response = await fetch(`${this.origin}/otter/rooms/${room}`, {
      method: 'DELETE',
      headers: { Authorization: `Bearer ${this.#apiKey}` },
    });
    if (!response.ok) {
      throw new Error(`the room is not closed: ${response.status} ${await response.text()}`);
    }
  }

  /** Another key, with these scopes alone, as soon as the server knows it. */
  async addKey(scopes: string): Promise<string> {
    const args = ['key', 'create', '--json', '--file', this.#path('keys.json'), '--scopes', scopes];
    const { key } = JSON.parse(this.#otter(...args)) as { key: string };
    const known = async (): Promise<boolean> => {
      const headers = { Authorization: `Bearer ${key}` };
      return (await fetch(`${this.origin}/otter/rooms`, { headers })).status !== 401;
    };
    if (!(await eventually(10_000, known))) {
      throw new Error('the key does not become known');
    }
    // The other workers may take a second longer.
    await new Promise((resolve) => setTimeout(resolve, 1500));
    return key;
  }

  log(): string {
    try {
      return readFileSync(this.#path('error.log'), 'utf8');
    } catch {
      return '(no log)';
    }
  }

  /** Mints a token as the back end of a site does. */
  async token(
    room: string,
    identity: string,
    role?: 'moderator',
    ttl?: number,
  ): Promise<JoinToken> {
    const response = await fetch(`${this.origin}/otter/token`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${this.#apiKey}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({ room, identity, name: identity, role, ttl }),
    });
    if (!response.ok) {
      throw new Error(`no token: ${response.status} ${await response.text()}`);
    }
    return (await response.json()) as JoinToken;
  }

  /** Reloads, and waits until the old workers have gone or the time is up. */
  async reload(): Promise<void> {
    const old = new Set(this.#workers());
    this.#daemon.signal('SIGHUP');
    const renewed = (): boolean => this.#workers().filter((pid) => !old.has(pid)).length >= WORKERS;
    if (!(await eventually(10_000, renewed))) {
      throw new Error('the reload brought no new workers');
    }
  }

  /** Whether it says within that time that everything is well, Redis too. */
  async isWell(ms: number): Promise<boolean> {
    return eventually(ms, async () => {
      try {
        const response = await fetch(`${this.origin}/otter/health`);
        return ((await response.json()) as { status: string }).status === 'ok';
      } catch {
        return false;
      }
    });
  }

  /** Whether only the newest workers are left. */
  async oldWorkersLeave(ms: number): Promise<boolean> {
    return eventually(ms, () => this.#workers().length === WORKERS);
  }

  /** Ends nginx and starts it again after so long: everything in memory is forgotten. */
  async restart(ms: number): Promise<void> {
    await this.#daemon.end('SIGTERM');
    await new Promise((resolve) => setTimeout(resolve, ms));
    this.#daemon = this.#launch();
    if (!(await eventually(10_000, () => this.#answers()))) {
      throw new Error(`nginx does not start again: ${this.log()}`);
    }
  }

  /** Ends nginx as an administrator would; returns what is wrong with the way it went. */
  async end(): Promise<readonly string[]> {
    const left = await this.#daemon.end('SIGQUIT');
    const faults = this.log()
      .split('\n')
      .filter((line) => /\[(alert|crit|emerg)\]|open socket|leak/.test(line));
    rmSync(this.#folder, { recursive: true, force: true });
    return left ? faults : ['nginx did not quit', ...faults];
  }

  #path(name: string): string {
    return join(this.#folder, name);
  }

  #otter(...args: readonly string[]): string {
    return execFileSync(OTTER, args, { encoding: 'utf8', stdio: 'pipe' });
  }

  #launch(): Daemon {
    const args = [
      '-p',
      this.#folder,
      '-c',
      this.#path('nginx.conf'),
      '-e',
      this.#path('error.log'),
    ];
    return new Daemon('nginx', args, this.#path('stdout'));
  }

  async #answers(): Promise<boolean> {
    try {
      return (await fetch(`${this.origin}/otter/health`)).ok;
    } catch {
      return false;
    }
  }

  #workers(): readonly number[] {
    const { pid } = this.#daemon;
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
    return children.trim().split(/\s+/).filter(Boolean).map(Number);
  }

  #configuration({ server = '', redis, turn }: NginxOptions): string {
    const relay = turn
      ? `otter_turn_uri ${turn.uris.join(' ')};
         otter_turn_secret_file ${this.#path('turn.secret')};`
      : '';
    return `
      load_module ${join(ROOT, 'build/ngx_otter_module.so')};
      daemon off;
      worker_processes ${WORKERS};
      worker_shutdown_timeout 20s;
      error_log ${this.#path('error.log')} info;
      pid ${this.#path('nginx.pid')};
      events { worker_connections 512; }
      http {
        types { text/html html; text/javascript js; }
        access_log ${this.#path('access.log')};
        # A browser that opens a connection in advance holds an old worker as long.
        client_header_timeout 5s;
        client_body_temp_path ${this.#path('tmp-body')};
        proxy_temp_path ${this.#path('tmp-proxy')};
        fastcgi_temp_path ${this.#path('tmp-fastcgi')};
        uwsgi_temp_path ${this.#path('tmp-uwsgi')};
        scgi_temp_path ${this.#path('tmp-scgi')};
        ${redis ? `otter_redis ${redis};` : ''}
        server {
          listen 127.0.0.1:${this.#port};
          otter_signaling on;
          otter_guests on;
          otter_web_root ${join(ROOT, 'html/dist')};
          otter_api_keys_file ${this.#path('keys.json')};
          otter_jwt_key_file ${this.#path('jwt.json')};
          ${relay}
          ${server}
          location /bare/ { alias ${PAGES}; }
        }
      }`;
  }
}
