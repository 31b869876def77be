import {
  COLOURS,
  type ElementMessage,
  type EmbeddedTheme,
  isTheme,
  type PageMessage,
  posted,
  readPageMessage,
  writeFragment,
} from './protocol.js';

/** What a call needs of the browser. The page asks for each when it is used. */
const ALLOW = [
  'camera',
  'microphone',
  'display-capture',
  'autoplay',
  'fullscreen',
  'picture-in-picture',
  'screen-wake-lock',
  'speaker-selection',
  'clipboard-write',
].join('; ');

const STYLE = `
:host {
  display: block;
  width: var(--otter-call-width, 100%);
  height: var(--otter-call-height, 32rem);
}
:host([hidden]) {
  display: none;
}
iframe {
  display: block;
  width: 100%;
  height: 100%;
  border: var(--otter-call-border, 0);
  border-radius: var(--otter-call-radius, 14px);
  background: var(--otter-call-background, transparent);
}
`;

/** Another value of these is another call. */
const OF_THE_CALL = ['room', 'token', 'server', 'name', 'lang'] as const;

const ROOM_NAME = /^(?!\.{1,2}$)[A-Za-z0-9._~-]{1,128}$/;

/** The events of the element: the page's messages under their own names. */
export type OtterCallEvents = {
  [M in PageMessage as M['type']]: CustomEvent<Omit<M, 'type'>>;
};

/**
 * `<otter-call room="standup" token="…">`: the page that Otter serves, in a frame that may use
 * camera and microphone, with events for what happens in it.
 *
 * Attributes: `room`; `token` (a join token; without one the server must let guests in); `server`
 * (where Otter is mounted, by default where this script came from); `name`; `lang`; `theme`
 * (`light`, `dark` or `system`); `label` (the frame's name for assistive technology).
 */
export class OtterCallElement extends HTMLElement {
  static readonly observedAttributes = [...OF_THE_CALL, 'theme', 'label'];

  /** Where Otter is mounted, for elements without `server`. */
  static defaultServer: string | null = null;

  readonly #root: ShadowRoot;
  #frame: HTMLIFrameElement | null = null;
  /** Origin of the page in the frame: the only one that is listened to. */
  #origin = '';
  #ready = false;
  #stale = false;

  constructor() {
    super();
    this.#root = this.attachShadow({ mode: 'open' });
    const style = document.createElement('style');
    style.textContent = STYLE;
    this.#root.append(style);
  }

  connectedCallback(): void {
    window.addEventListener('message', this.#onMessage);
    this.#open();
  }

  disconnectedCallback(): void {
    window.removeEventListener('message', this.#onMessage);
    this.#close();
  }

  attributeChangedCallback(name: string, before: string | null, now: string | null): void {
    if (before === now || !this.isConnected) {
      return;
    }
    if (name === 'theme') {
      this.#tellTheme();
    } else if (name === 'label') {
      this.#frame?.setAttribute('title', this.#label);
    } else {
      this.#reopenSoon();
    }
  }

  get room(): string {
    return this.getAttribute('room') ?? '';
  }

  set room(room: string) {
    this.setAttribute('room', room);
  }

  get token(): string | null {
    return this.getAttribute('token');
  }

  set token(token: string | null) {
    this.#reflect('token', token);
  }

  get server(): string | null {
    return this.getAttribute('server') ?? OtterCallElement.defaultServer;
  }

  set server(server: string | null) {
    this.#reflect('server', server);
  }

  get theme(): EmbeddedTheme | null {
    const theme = this.getAttribute('theme');
    return isTheme(theme) ? theme : null;
  }

  set theme(theme: EmbeddedTheme | null) {
    this.#reflect('theme', theme);
  }

  /** Leaves the call; the page goes on to show that it is over. */
  leave(): void {
    this.#tell({ type: 'leave' });
  }

  setMicrophone(on: boolean): void {
    this.#tell({ type: 'microphone', on });
  }

  setCamera(on: boolean): void {
    this.#tell({ type: 'camera', on });
  }

  /** Hands the element's colours to the page again, after the site's style has changed. */
  refreshColours(): void {
    const style = getComputedStyle(this);
    const colours: Record<string, string> = {};
    for (const name of COLOURS) {
      const colour = style.getPropertyValue(`--otter-${name}`).trim();
      if (colour !== '') {
        colours[name] = colour;
      }
    }
    this.#tell({ type: 'colours', colours });
  }

  get #label(): string {
    return this.getAttribute('label') ?? 'Call';
  }

  #reflect(name: string, value: string | null): void {
    if (value === null) {
      this.removeAttribute(name);
    } else {
      this.setAttribute(name, value);
    }
  }

  /** Room and token are set one after the other, and mean one call. */
  #reopenSoon(): void {
    if (this.#stale) {
      return;
    }
    this.#stale = true;
    queueMicrotask(() => {
      if (this.#stale && this.isConnected) {
        this.#open();
      }
    });
  }

  #open(): void {
    this.#close();
    const { room } = this;
    if (room === '') {
      return;
    }
    const address = this.#address();
    if (address === null) {
      this.#raise({
        type: 'error',
        code: ROOM_NAME.test(room) ? 'invalid-server' : 'invalid-room',
      });
      return;
    }
    const frame = document.createElement('iframe');
    frame.allow = ALLOW;
    frame.title = this.#label;
    frame.referrerPolicy = 'no-referrer';
    frame.src = address.href;
    this.#origin = address.origin;
    this.#frame = frame;
    this.#root.append(frame);
  }

  #close(): void {
    this.#stale = false;
    this.#ready = false;
    this.#frame?.remove();
    this.#frame = null;
  }

  #address(): URL | null {
    const { server, room } = this;
    if (server === null || !ROOM_NAME.test(room)) {
      return null;
    }
    try {
      const base = new URL(server.endsWith('/') ? server : `${server}/`, document.baseURI);
      const address = new URL(`room/${room}`, base);
      if (address.protocol !== 'https:' && address.protocol !== 'http:') {
        return null;
      }
      address.hash = writeFragment({
        origin: window.location.origin,
        token: this.token,
        name: this.getAttribute('name'),
        theme: this.theme,
        language: this.getAttribute('lang'),
      });
      return address;
    } catch {
      return null;
    }
  }

  #tellTheme(): void {
    this.#tell({ type: 'theme', theme: this.theme ?? 'system' });
  }

  #tell(message: ElementMessage): void {
    if (this.#ready) {
      this.#frame?.contentWindow?.postMessage(posted(message), this.#origin);
    }
  }

  readonly #onMessage = (event: MessageEvent<unknown>): void => {
    const { source, origin, data } = event;
    const page = this.#frame?.contentWindow ?? null;
    if (page === null || source !== page || origin !== this.#origin) {
      return;
    }
    const message = readPageMessage(data);
    if (message === null) {
      return;
    }
    if (message.type === 'ready') {
      this.#ready = true;
      this.refreshColours();
    }
    this.#raise(message);
  };

  #raise({ type, ...detail }: PageMessage): void {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}
