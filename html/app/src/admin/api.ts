/** A member of a room, as `GET rooms` has it. */
export interface AdminPeer {
  readonly id: string;
  readonly identity: string;
  readonly name: string;
  readonly role: string;
  readonly joined_at: string;
}

export interface AdminRoom {
  readonly room: string;
  readonly status: string;
  readonly locked: boolean;
  readonly lobby: boolean;
  readonly relay_only: boolean;
  readonly max_peers: number;
  readonly peers: readonly AdminPeer[];
  readonly created_at: string;
}

/** Metrics by their names: numbers, or numbers by label. */
export type Metrics = Readonly<Record<string, number | Readonly<Record<string, number>>>>;

/** What the server refused, or that it could not be asked. */
export class Refusal extends Error {
  readonly code: string;
  readonly status: number | null;

  constructor(code: string, detail: string, status: number | null) {
    super(detail);
    this.name = 'Refusal';
    this.code = code;
    this.status = status;
  }
}

/** The most rooms that the page shows; there is no end to what a server can have. */
export const MOST_ROOMS = 500;

type Fields = Readonly<Record<string, unknown>>;

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function peerOf(value: unknown): AdminPeer | null {
  if (!isFields(value) || typeof value.id !== 'string') {
    return null;
  }
  const { id, identity, name, role, joined_at: joined } = value;
  return {
    id,
    identity: textOf(identity),
    name: textOf(name),
    role: textOf(role),
    joined_at: textOf(joined),
  };
}

export function roomOf(value: unknown): AdminRoom | null {
  if (!isFields(value) || typeof value.room !== 'string') {
    return null;
  }
  const peers = Array.isArray(value.peers) ? (value.peers as readonly unknown[]) : [];
  return {
    room: value.room,
    status: textOf(value.status),
    locked: value.locked === true,
    lobby: value.lobby === true,
    relay_only: value.relay_only === true,
    max_peers: typeof value.max_peers === 'number' ? value.max_peers : 0,
    peers: peers.map(peerOf).filter((peer) => peer !== null),
    created_at: textOf(value.created_at),
  };
}

/** Keeps what are numbers: histograms and versions are left to Prometheus. */
export function metricsOf(value: unknown): Metrics {
  const metrics: Record<string, number | Record<string, number>> = {};
  for (const [name, metric] of Object.entries(isFields(value) ? value : {})) {
    if (typeof metric === 'number') {
      metrics[name] = metric;
    } else if (isFields(metric)) {
      const numbers = Object.entries(metric).filter(
        (entry): entry is [string, number] => typeof entry[1] === 'number',
      );
      metrics[name] = Object.fromEntries(numbers);
    }
  }
  return metrics;
}

/** The HTTP API with an API key. */
export class AdminApi {
  readonly #prefix: string;
  readonly #key: string;

  constructor(prefix: string, key: string) {
    this.#prefix = prefix;
    this.#key = key;
  }

  /** Rooms in the order of their names, page by page. */
  async rooms(signal: AbortSignal): Promise<readonly AdminRoom[]> {
    const rooms: AdminRoom[] = [];
    let cursor: string | null = null;
    do {
      const query = new URLSearchParams({ limit: '100' });
      if (cursor !== null) {
        query.set('cursor', cursor);
      }
      const page: unknown = await this.#ask(`rooms?${query.toString()}`, { signal });
      const fields = isFields(page) ? page : {};
      const list = Array.isArray(fields.rooms) ? (fields.rooms as readonly unknown[]) : [];
      rooms.push(...list.map(roomOf).filter((room) => room !== null));
      cursor = typeof fields.cursor === 'string' ? fields.cursor : null;
    } while (cursor !== null && rooms.length < MOST_ROOMS);
    return rooms;
  }

  /** Null for a key that may not see them. */
  async metrics(signal: AbortSignal): Promise<Metrics | null> {
    try {
      return metricsOf(await this.#ask('status', { signal }));
    } catch (error) {
      if (error instanceof Refusal && error.status === 403) {
        return null;
      }
      throw error;
    }
  }

  async close(room: string): Promise<void> {
    await this.#ask(`rooms/${room}`, { method: 'DELETE' });
  }

  async kick(room: string, peer: string): Promise<void> {
    await this.#ask(`rooms/${room}/peers/${peer}`, { method: 'DELETE' });
  }

  async lock(room: string, locked: boolean): Promise<void> {
    await this.#ask(`rooms/${room}`, {
      method: 'PATCH',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ locked }),
    });
  }

  async #ask(path: string, init: RequestInit): Promise<unknown> {
    const headers = new Headers(init.headers);
    headers.set('Authorization', `Bearer ${this.#key}`);
    let response: Response;
    try {
      response = await fetch(this.#prefix + path, {
        ...init,
        headers,
        cache: 'no-store',
        credentials: 'same-origin',
      });
    } catch (cause) {
      init.signal?.throwIfAborted();
      const refusal = new Refusal('unreachable', 'The server does not answer.', null);
      refusal.cause = cause;
      throw refusal;
    }
    const body: unknown = await response.json().catch(() => null);
    if (!response.ok) {
      const { code, detail } = isFields(body) ? body : {};
      throw new Refusal(textOf(code) || 'refused', textOf(detail), response.status);
    }
    return body;
  }
}
