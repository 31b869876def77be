import { mkdtempSync, rmSync, writeFileSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { Daemon, eventually } from './daemon.js';
import { freePort } from './ports.js';

/** Fake devices that ask nobody, addresses of loopback, and nothing that asks the internet. */
const PREFERENCES: Readonly<Record<string, string | number | boolean>> = {
  'media.navigator.streams.fake': true,
  'media.navigator.permission.disabled': true,
  'media.peerconnection.ice.loopback': true,
  'media.peerconnection.ice.obfuscate_host_addresses': false,
  'media.autoplay.default': 0,
  'media.autoplay.blocking_policy': 0,
  'intl.accept_languages': 'en',
  'app.update.enabled': false,
  'app.normandy.enabled': false,
  'browser.safebrowsing.malware.enabled': false,
  'browser.safebrowsing.phishing.enabled': false,
  'browser.shell.checkDefaultBrowser': false,
  'browser.startup.page': 0,
  'datareporting.policy.dataSubmissionEnabled': false,
  'extensions.update.enabled': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'network.dns.disablePrefetch': true,
  'services.settings.server': 'data:,',
  'toolkit.telemetry.enabled': false,
};

interface Answer {
  readonly id?: number;
  readonly type: string;
  readonly result?: unknown;
  readonly error?: string;
  readonly message?: string;
}

interface Evaluated {
  readonly type: 'success' | 'exception';
  readonly result?: { readonly type: string; readonly value?: unknown; readonly sharedId?: string };
  readonly exceptionDetails?: { readonly text: string };
}

/** A Firefox with one tab, driven over WebDriver BiDi. */
export class Firefox {
  readonly #folder: string;
  readonly #daemon: Daemon;
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  #count = 0;
  #tab = '';

  static async start(): Promise<Firefox> {
    const folder = mkdtempSync(join(tmpdir(), 'otter-firefox-'));
    const port = await freePort();
    const preferences = Object.entries(PREFERENCES).map(
      ([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`,
    );
    writeFileSync(join(folder, 'user.js'), preferences.join(''));
    const log = join(folder, 'log');
    const daemon = new Daemon(
      'env',
      [
        'MOZ_DISABLE_CONTENT_SANDBOX=1',
        `HOME=${folder}`,
        'firefox-esr',
        '--headless',
        '--no-remote',
        '--profile',
        folder,
        '--remote-debugging-port',
        String(port),
        'about:blank',
      ],
      log,
    );
    const listens = (): boolean => readFileSync(log, 'utf8').includes('WebDriver BiDi listening');
    if (!(await eventually(60_000, () => listens() || daemon.ended)) || daemon.ended) {
      throw new Error(`Firefox does not start: ${readFileSync(log, 'utf8')}`);
    }
    const socket = new WebSocket(`ws://127.0.0.1:${port}/session`);
    await new Promise((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
    });
    const firefox = new Firefox(folder, daemon, socket);
    await firefox.#begin();
    return firefox;
  }

  private constructor(folder: string, daemon: Daemon, socket: WebSocket) {
    this.#folder = folder;
    this.#daemon = daemon;
    this.#socket = socket;
    socket.on('message', (data: Buffer) => {
      const answer = JSON.parse(data.toString()) as Answer;
      if (answer.id !== undefined) {
        this.#waiting.get(answer.id)?.(answer);
        this.#waiting.delete(answer.id);
      }
    });
  }

  /** Runs a script before those of every page. */
  async before(script: string): Promise<void> {
    await this.#command('script.addPreloadScript', { functionDeclaration: `() => {${script}}` });
  }

  async goto(url: string): Promise<void> {
    await this.#command('browsingContext.navigate', { context: this.#tab, url, wait: 'complete' });
  }

  /** What an expression of the page comes to; it may be a promise. */
  async evaluate<T>(expression: string): Promise<T> {
    const { value } = await this.#call(
      `async () => JSON.stringify((await (${expression})) ?? null)`,
    );
    return JSON.parse(String(value)) as T;
  }

  /** A real press of the mouse, on the middle of the element. */
  async click(testId: string): Promise<void> {
    const origin = { type: 'element', element: { sharedId: await this.#element(testId) } };
    await this.#command('input.performActions', {
      context: this.#tab,
      actions: [
        {
          type: 'pointer',
          id: 'mouse',
          actions: [
            { type: 'pointerMove', x: 0, y: 0, origin },
            { type: 'pointerDown', button: 0 },
            { type: 'pointerUp', button: 0 },
          ],
        },
      ],
    });
  }

  async type(testId: string, text: string): Promise<void> {
    await this.click(testId);
    const keys = [...new Intl.Segmenter('en').segment(text)].flatMap(({ segment: value }) => [
      { type: 'keyDown', value },
      { type: 'keyUp', value },
    ]);
    await this.#command('input.performActions', {
      context: this.#tab,
      actions: [{ type: 'key', id: 'keyboard', actions: keys }],
    });
  }

  async setFile(testId: string, path: string): Promise<void> {
    await this.#command('input.setFiles', {
      context: this.#tab,
      element: { sharedId: await this.#element(testId) },
      files: [path],
    });
  }

  async end(): Promise<void> {
    await this.#command('browser.close', {}).catch(() => undefined);
    this.#socket.close();
    await eventually(10_000, () => this.#daemon.ended);
    await this.#daemon.end('SIGTERM');
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 5 });
  }

  async #begin(): Promise<void> {
    await this.#command('session.new', { capabilities: {} });
    const { contexts } = (await this.#command('browsingContext.getTree', {})) as {
      contexts: readonly { readonly context: string }[];
    };
    this.#tab = contexts[0]?.context ?? '';
    await this.#command('browsingContext.setViewport', {
      context: this.#tab,
      viewport: { width: 1000, height: 700 },
    });
  }

  /** Waits for the element and names it. */
  async #element(testId: string): Promise<string> {
    const selector = JSON.stringify(`[data-testid="${testId}"]`);
    let found: string | undefined;
    await eventually(20_000, async () => {
      ({ sharedId: found } = await this.#call(`() => document.querySelector(${selector})`));
      return found !== undefined;
    });
    if (found === undefined) {
      throw new Error(`there is no ${testId}`);
    }
    return found;
  }

  async #call(declaration: string): Promise<NonNullable<Evaluated['result']>> {
    const { result, exceptionDetails } = (await this.#command('script.callFunction', {
      functionDeclaration: declaration,
      awaitPromise: true,
      target: { context: this.#tab },
      userActivation: true,
    })) as Evaluated;
    if (result === undefined) {
      throw new Error(exceptionDetails?.text ?? 'the script has failed');
    }
    return result;
  }

  #command(method: string, params: object): Promise<unknown> {
    const id = ++this.#count;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, ({ type, result, error, message }) => {
        if (type === 'success') {
          resolve(result);
        } else {
          reject(new Error(`${method}: ${error ?? ''}: ${message ?? ''}`));
        }
      });
      this.#socket.send(JSON.stringify({ id, method, params }));
    });
  }
}
