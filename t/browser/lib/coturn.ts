import { execFileSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Daemon, eventually } from './daemon.js';
import { freePort } from './ports.js';

/** A real coturn on loopback that takes the credentials of one secret. */
export class Coturn {
  readonly secret = Math.random().toString(36).slice(2) + Math.random().toString(36).slice(2);
  readonly #folder = mkdtempSync(join(tmpdir(), 'otter-coturn-'));
  readonly #port: number;
  readonly #tlsPort: number;
  readonly #daemon: Daemon;

  static async start(): Promise<Coturn> {
    const coturn = new Coturn(await freePort(), await freePort());
    if (!(await eventually(10_000, () => coturn.#answers()))) {
      throw new Error(`coturn does not start: ${coturn.log()}`);
    }
    return coturn;
  }

  private constructor(port: number, tlsPort: number) {
    this.#port = port;
    this.#tlsPort = tlsPort;
    const low = 40_000 + 100 * Math.floor(Math.random() * 200);
    const certificate = [join(this.#folder, 'cert.pem'), join(this.#folder, 'key.pem')] as const;
    execFileSync(
      'openssl',
      ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'].concat(
        ['-days', '2', '-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'],
        ['-out', certificate[0], '-keyout', certificate[1]],
      ),
      { stdio: 'pipe' },
    );
    const conf = join(this.#folder, 'turnserver.conf');
    writeFileSync(
      conf,
      [
        'listening-ip=127.0.0.1',
        'relay-ip=127.0.0.1',
        `listening-port=${port}`,
        `min-port=${low}`,
        `max-port=${low + 99}`,
        'realm=otter',
        'use-auth-secret',
        `static-auth-secret=${this.secret}`,
        'allow-loopback-peers',
        'no-cli',
        `tls-listening-port=${tlsPort}`,
        `cert=${certificate[0]}`,
        `pkey=${certificate[1]}`,
        'no-dtls',
        'verbose',
        'log-file=stdout',
        `pidfile=${join(this.#folder, 'pid')}`,
        `userdb=${join(this.#folder, 'db')}`,
        '',
      ].join('\n'),
      { mode: 0o600 },
    );
    this.#daemon = new Daemon('turnserver', ['-c', conf], join(this.#folder, 'log'));
  }

  get uris(): readonly string[] {
    return [`turn:127.0.0.1:${this.#port}?transport=udp`];
  }

  /** The same over every transport; browsers refuse its certificate unless told otherwise. */
  get everyUri(): readonly string[] {
    return [
      `stun:127.0.0.1:${this.#port}`,
      ...this.uris,
      `turn:127.0.0.1:${this.#port}?transport=tcp`,
      `turns:127.0.0.1:${this.#tlsPort}?transport=tcp`,
    ];
  }

  /** Nothing comes through any more, as when a cable is pulled; or does again. */
  unplug(unplugged: boolean): void {
    this.#daemon.signal(unplugged ? 'SIGSTOP' : 'SIGCONT');
  }

  log(): string {
    return readFileSync(join(this.#folder, 'log'), 'utf8');
  }

  async end(): Promise<void> {
    await this.#daemon.end('SIGTERM');
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** Whether a STUN binding request (RFC 8489) gets an answer. */
  #answers(): Promise<boolean> {
    const request = Buffer.alloc(20);
    request.writeUInt16BE(1, 0);
    request.writeUInt32BE(0x2112a442, 4);
    request.write('otter-test!!', 8);
    return new Promise((resolve) => {
      const socket = createSocket('udp4');
      const settle = (answered: boolean): void => {
        clearTimeout(timer);
        socket.close();
        resolve(answered);
      };
      const timer = setTimeout(settle, 100, false);
      socket.once('message', () => {
        settle(true);
      });
      socket.once('error', () => {
        settle(false);
      });
      socket.send(request, this.#port, '127.0.0.1');
    });
  }
}
