/**
 * What the element and the page in its frame tell each other, by `postMessage`. Every message is an
 * object with `otter`, which names this protocol, and `type`.
 *
 * The page learns the origin of the site from its own address, sends to that origin alone, and
 * listens to its parent at that origin alone. The element listens to its own frame at the origin
 * of the server alone. Who may frame the page at all is decided by `otter_allowed_origins`.
 */
export const PROTOCOL = 'call.v1';

/** A peer, as far as the site is told. */
export interface EmbeddedPeer {
  readonly id: string;
  readonly identity: string;
  readonly name: string;
}

/** From the page to the element, where each becomes an event of that name. */
export type PageMessage =
  /** The page is there and listens. */
  | { readonly type: 'ready' }
  | { readonly type: 'joined'; readonly room: string; readonly self: EmbeddedPeer }
  /** A call that was joined is over: why, in the words of the page's `data-ending`. */
  | { readonly type: 'left'; readonly reason: string }
  /** The call could not be joined: why, in the same words. */
  | { readonly type: 'error'; readonly code: string }
  | { readonly type: 'peer-joined'; readonly peer: EmbeddedPeer }
  | { readonly type: 'peer-left'; readonly peer: EmbeddedPeer; readonly reason: string }
  | { readonly type: 'state'; readonly state: 'connected' | 'reconnecting' | 'closed' }
  | { readonly type: 'media'; readonly microphone: boolean; readonly camera: boolean };

export const THEMES = ['system', 'light', 'dark'] as const;

export type EmbeddedTheme = (typeof THEMES)[number];

/** From the element to the page. */
export type ElementMessage =
  | { readonly type: 'leave' }
  | { readonly type: 'microphone'; readonly on: boolean }
  | { readonly type: 'camera'; readonly on: boolean }
  | { readonly type: 'theme'; readonly theme: EmbeddedTheme }
  /** Colours by their names in `COLOURS`. */
  | { readonly type: 'colours'; readonly colours: Readonly<Record<string, string>> };

/** What a site may colour: `--otter-brand` on the element sets `--brand` of the page. */
export const COLOURS = [
  'bg',
  'stage',
  'surface',
  'surface-raised',
  'surface-sunken',
  'line',
  'text',
  'text-dim',
  'brand',
  'brand-strong',
  'on-brand',
  'danger',
  'on-danger',
  'focus',
] as const;

type Fields = Readonly<Record<string, unknown>>;

function fieldsOf(data: unknown): Fields | null {
  if (typeof data !== 'object' || data === null) {
    return null;
  }
  const fields = data as Fields;
  return fields.otter === PROTOCOL && typeof fields.type === 'string' ? fields : null;
}

function isPeer(value: unknown): value is EmbeddedPeer {
  if (typeof value !== 'object' || value === null) {
    return false;
  }
  const { id, identity, name } = value as Fields;
  return typeof id === 'string' && typeof identity === 'string' && typeof name === 'string';
}

/** What came from a page, or null for anything else. */
export function readPageMessage(data: unknown): PageMessage | null {
  const fields = fieldsOf(data);
  if (fields === null) {
    return null;
  }
  const { type, room, self, peer, reason, code, state, microphone, camera } = fields;
  switch (type) {
    case 'ready':
      return { type };
    case 'joined':
      return typeof room === 'string' && isPeer(self) ? { type, room, self } : null;
    case 'left':
      return typeof reason === 'string' ? { type, reason } : null;
    case 'error':
      return typeof code === 'string' ? { type, code } : null;
    case 'peer-joined':
      return isPeer(peer) ? { type, peer } : null;
    case 'peer-left':
      return isPeer(peer) && typeof reason === 'string' ? { type, peer, reason } : null;
    case 'state':
      return state === 'connected' || state === 'reconnecting' || state === 'closed'
        ? { type, state }
        : null;
    case 'media':
      return typeof microphone === 'boolean' && typeof camera === 'boolean'
        ? { type, microphone, camera }
        : null;
    default:
      return null;
  }
}

export function isTheme(value: unknown): value is EmbeddedTheme {
  return THEMES.some((theme) => theme === value);
}

function readColours(value: unknown): Readonly<Record<string, string>> | null {
  if (typeof value !== 'object' || value === null) {
    return null;
  }
  const given = value as Fields;
  const colours: Record<string, string> = {};
  for (const name of COLOURS) {
    const colour = given[name];
    if (typeof colour === 'string') {
      colours[name] = colour;
    }
  }
  return colours;
}

/** What came from an element, or null for anything else. */
export function readElementMessage(data: unknown): ElementMessage | null {
  const fields = fieldsOf(data);
  if (fields === null) {
    return null;
  }
  const { type, on, theme } = fields;
  switch (type) {
    case 'leave':
      return { type };
    case 'microphone':
    case 'camera':
      return typeof on === 'boolean' ? { type, on } : null;
    case 'theme':
      return isTheme(theme) ? { type, theme } : null;
    case 'colours': {
      const colours = readColours(fields.colours);
      return colours === null ? null : { type, colours };
    }
    default:
      return null;
  }
}

/** A message as it is posted. */
export function posted(message: PageMessage | ElementMessage): object {
  return { otter: PROTOCOL, ...message };
}

/** What the element puts into the address of the page, after `#`, and the page reads. */
export interface FrameWishes {
  /** Where the element is: nobody else is told anything. */
  readonly origin: string;
  readonly token: string | null;
  readonly name: string | null;
  readonly theme: EmbeddedTheme | null;
  readonly language: string | null;
}

export function writeFragment({ origin, token, name, theme, language }: FrameWishes): string {
  const parameters = new URLSearchParams();
  const add = (key: string, value: string | null): void => {
    if (value !== null && value !== '') {
      parameters.set(key, value);
    }
  };
  add('token', token);
  add('embed', origin);
  add('name', name);
  add('theme', theme);
  add('lang', language);
  return parameters.toString();
}

/** An origin as browsers write it, or null. */
function asOrigin(text: string | null): string | null {
  try {
    const { origin, protocol } = new URL(text ?? '');
    return (protocol === 'https:' || protocol === 'http:') && origin === text ? origin : null;
  } catch {
    return null;
  }
}

/** Null where the page was not asked for by an element. */
export function readFragment(hash: string): FrameWishes | null {
  const parameters = new URLSearchParams(hash.replace(/^#/, ''));
  const origin = asOrigin(parameters.get('embed'));
  if (origin === null) {
    return null;
  }
  const theme = parameters.get('theme');
  return {
    origin,
    token: parameters.get('token'),
    name: parameters.get('name'),
    theme: isTheme(theme) ? theme : null,
    language: parameters.get('lang'),
  };
}
