import { fetchIceServers } from '../check/ice-servers.js';
import { OtterError, toOtterError } from '../errors.js';
import type { ConnectOptions } from '../types.js';
import type { Off } from '../util/emitter.js';
import { onVisible, onWindow } from '../util/page.js';
import { Backoff, STEADY_AFTER } from './backoff.js';
import { closeCode } from './close-codes.js';
import { Credentials } from './credentials.js';
import { Liveness } from './liveness.js';
import { TRANSITIONS, type Phase, type SignalingHandlers } from './phases.js';
import { Session } from './session.js';
import { checkSession, nextStep, type Verdict } from './session-check.js';
import { Socket } from './socket.js';
import type { ClientMessage, Frame, Welcome } from './wire.js';

const OPEN_TIMEOUT = 10_000;
const LEAVE_TIMEOUT = 1_000;
/** How much later than it said the server may close after a `bye`. */
const BYE_GRACE = 2_000;
/** Attempts to join before `connect` gives up on a server that does not answer. */
const JOIN_ATTEMPTS = 4;
/** How long an answer may take when there is a reason to doubt the socket. */
const DOUBT_PATIENCE = 3_000;

/** Keeps a session with the server over any number of sockets. */
export class Signaling {
  readonly #url: string;
  readonly #handlers: SignalingHandlers;
  readonly #credentials: Credentials;
  readonly #backoff = new Backoff();
  readonly #session = new Session((seq) => {
    this.send({ type: 'ack', seq });
  });
  readonly #liveness = new Liveness({
    ask: () => {
      this.send(this.#session.probe());
    },
    onDead: () => {
      this.#lost(1006);
    },
  });
  readonly #offs: readonly Off[];
  #phase: Phase = 'idle';
  #socket: Socket | null = null;
  #token = '';
  #timer: ReturnType<typeof setTimeout> | undefined;
  #leaving = false;
  #liveSince = 0;
  #bye: { readonly reason: string; readonly retryAt: number | null } | null = null;

  constructor(options: Pick<ConnectOptions, 'url' | 'token'>, handlers: SignalingHandlers) {
    this.#url = options.url;
    this.#credentials = new Credentials(options.token);
    this.#handlers = handlers;
    const hurry = this.#hurry.bind(this);
    this.#offs = [onWindow('online', hurry), onVisible(hurry)];
  }

  start(): void {
    this.#open();
  }

  get live(): boolean {
    return this.#phase === 'live';
  }

  /** Sends now, or as soon as the session goes on. */
  send(message: ClientMessage): void {
    if (this.#phase === 'closed') {
      return;
    }
    const text = this.#session.record(message, this.live);
    if (this.live) {
      this.#socket?.send(text);
    }
  }

  /** Gives the session up and joins anew, as after a server has forgotten it. */
  rejoin(): void {
    if (this.live) {
      this.#dropSocket();
      this.#session.forget();
      this.#wait(true);
    }
  }

  /** Asks for ICE servers with fresh credentials. */
  iceServers(signal: AbortSignal): Promise<readonly RTCIceServer[]> {
    return fetchIceServers({ url: this.#url, token: this.#token, signal });
  }

  /** Ends the session; `onClosed` follows within a second. */
  leave(): void {
    this.#leaving = true;
    if (!this.live) {
      this.#end('left');
      return;
    }
    this.send({ type: 'leave' });
    this.#socket?.close();
    this.#after(LEAVE_TIMEOUT, () => {
      this.#end('left');
    });
  }

  #enter(phase: Phase): boolean {
    if (!TRANSITIONS[this.#phase].includes(phase)) {
      return false;
    }
    this.#phase = phase;
    clearTimeout(this.#timer);
    return true;
  }

  #after(delay: number, action: () => void): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(action, delay);
  }

  /** The network may have changed or the machine slept: act now instead of by the clock. */
  #hurry(): void {
    if (this.#phase === 'waiting' && (this.#bye?.retryAt ?? null) === null) {
      this.#open();
    } else if (this.live) {
      this.#liveness.check(DOUBT_PATIENCE);
    }
  }

  #open(): void {
    if (!this.#enter('opening')) {
      return;
    }
    this.#bye = null;
    if (this.#session.welcomed && !this.#session.resumable) {
      this.#credentials.renew();
    }
    this.#credentials.get().then(
      (token) => {
        this.#dial(token);
      },
      (cause: unknown) => {
        this.#retry(toOtterError(cause, 'no-token'));
      },
    );
  }

  #dial(token: string): void {
    if (this.#phase !== 'opening') {
      return;
    }
    this.#token = token;
    try {
      this.#socket = new Socket(this.#session.address(this.#url), token, {
        onFrame: this.#receive.bind(this),
        onJunk: this.#lost.bind(this, 1002),
        onClose: this.#lost.bind(this),
      });
    } catch (cause) {
      this.#fail(new OtterError('invalid-argument', 'Bad URL or token.', { cause }));
      return;
    }
    this.#after(OPEN_TIMEOUT, () => {
      this.#lost(1006);
    });
  }

  /** The socket has ended, or is given up. */
  #lost(code: number): void {
    const wasLive = this.live;
    const { action, reason } = closeCode(code);
    this.#dropSocket();
    if (this.#leaving) {
      this.#end('left', code);
    } else if (!wasLive && code === 1006) {
      void this.#ask();
    } else if (action === 'end' || (action === 'token' && !this.#credentials.renewable)) {
      this.#end(this.#bye?.reason ?? reason, code);
    } else {
      if (action === 'token') {
        this.#credentials.renew();
      } else if (action === 'rejoin') {
        this.#session.forget();
      }
      if (wasLive && Date.now() - this.#liveSince >= STEADY_AFTER) {
        this.#backoff.reset();
      }
      this.#wait(wasLive);
    }
  }

  #wait(wasLive: boolean): void {
    if (!this.#enter('waiting')) {
      return;
    }
    const retryAt = this.#bye?.retryAt ?? null;
    const delay = retryAt === null ? this.#backoff.next() : Math.max(0, retryAt - Date.now());
    this.#after(delay, () => {
      this.#open();
    });
    if (wasLive) {
      this.#handlers.onDown();
    }
  }

  /** No welcome came, and a browser is not told why. */
  async #ask(): Promise<void> {
    if (this.#enter('checking')) {
      const verdict = await checkSession(this.#url, this.#token);
      if (this.#phase === 'checking') {
        this.#judge(verdict);
      }
    }
  }

  #judge(verdict: Verdict): void {
    const { fresh, renewable } = this.#credentials;
    const { welcomed } = this.#session;
    const step = nextStep(verdict, { welcomed, renewable: renewable && !fresh });
    this.#credentials.fresh = false;
    if (step === 'end') {
      this.#fail(verdict.error);
      return;
    }
    if (step === 'rejoin') {
      this.#session.forget();
    } else if (step === 'renew') {
      this.#credentials.renew();
    }
    this.#retry(verdict.error);
  }

  #retry(error: OtterError): void {
    if (!this.#session.welcomed && this.#backoff.attempts >= JOIN_ATTEMPTS - 1) {
      this.#fail(error);
    } else {
      this.#wait(false);
    }
  }

  #receive(frame: Frame): void {
    const { seq, message } = frame;
    this.#liveness.heard();
    if (message.type === 'welcome') {
      this.#welcome(seq, message);
      return;
    }
    switch (this.#session.accept(frame)) {
      case 'hole':
        this.#lost(1006);
        return;
      case 'broken':
        this.#lost(1002);
        return;
      case 'duplicate':
      case 'internal':
        return;
      case 'new':
        if (message.type === 'bye') {
          this.#farewell(message.reason, message.retryAfter);
        } else {
          if (message.type === 'lobby' && !this.live) {
            // Whoever waits to be let in waits for people, not for a machine.
            clearTimeout(this.#timer);
          }
          this.#handlers.onMessage(message);
        }
    }
  }

  #welcome(seq: number, welcome: Welcome): void {
    if (!this.#enter('live')) {
      return;
    }
    const { texts, continuity } = this.#session.welcome(seq, welcome);
    this.#credentials.fresh = false;
    this.#liveSince = Date.now();
    this.#liveness.start();
    for (const text of texts) {
      this.#socket?.send(text);
    }
    this.#handlers.onWelcome(welcome, continuity);
  }

  #farewell(reason: string, retryAfter: number | null): void {
    this.#bye = { reason, retryAt: retryAfter === null ? null : Date.now() + retryAfter };
    if (retryAfter !== null) {
      this.#after(retryAfter + BYE_GRACE, () => {
        this.#lost(1012);
      });
    }
  }

  #dropSocket(): void {
    this.#liveness.stop();
    this.#session.pause();
    this.#socket?.drop();
    this.#socket = null;
  }

  #fail(error: OtterError): void {
    this.#end(error.code, null, error);
  }

  #end(reason: string, closeCode: number | null = null, error: OtterError | null = null): void {
    if (!this.#enter('closed')) {
      return;
    }
    this.#dropSocket();
    for (const off of this.#offs) {
      off();
    }
    this.#handlers.onClosed({ reason, closeCode, error });
  }
}
