/** What nginx puts into the page when it serves it. */
export interface AppConfig {
  /** Where Otter is mounted, with a slash at both ends. */
  readonly prefix: string;
  /** Whether anyone may join a room by its name. */
  readonly guests: boolean;
  readonly maxPeers: number;
  /** A picture of the site's own, in place of the otter. */
  readonly logo: string | null;
  /** A style sheet of the site's own, loaded after those of the page. */
  readonly stylesheet: string | null;
}

const DEFAULTS: AppConfig = {
  prefix: '/otter/',
  guests: false,
  maxPeers: 8,
  logo: null,
  stylesheet: null,
};

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/** A path, not an address of another host. */
function onThisHost(value: unknown): string | null {
  return typeof value === 'string' && /^\/[^/\\]/.test(value) ? value : null;
}

/** Reads the content of `<meta name="otter-config">`; what is missing or odd takes its default. */
export function parseConfig(content: string | null): AppConfig {
  let raw: unknown;
  try {
    raw = JSON.parse(content ?? '');
  } catch {
    return DEFAULTS;
  }
  if (!isRecord(raw)) {
    return DEFAULTS;
  }
  const { prefix, guests, max_peers: maxPeers, logo, stylesheet } = raw;
  return {
    prefix: typeof prefix === 'string' && /^\/(.*\/)?$/.test(prefix) ? prefix : DEFAULTS.prefix,
    guests: guests === true,
    maxPeers:
      typeof maxPeers === 'number' && Number.isInteger(maxPeers) && maxPeers > 0
        ? maxPeers
        : DEFAULTS.maxPeers,
    logo: onThisHost(logo),
    stylesheet: onThisHost(stylesheet),
  };
}

export function readConfig(document: Document): AppConfig {
  const meta = document.querySelector<HTMLMetaElement>('meta[name="otter-config"]');
  return parseConfig(meta?.content ?? null);
}
