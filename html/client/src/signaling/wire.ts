import type { PeerInfo, Role, RoomInfo, RoomStatus } from '../types.js';
import { isCount, isObject, isText, parseObject, type JsonObject } from '../util/guards.js';

/** The state of the room that `welcome` and `resync` carry. */
export interface Snapshot {
  readonly self: PeerInfo;
  readonly room: RoomInfo;
  readonly peers: readonly PeerInfo[];
}

export interface Welcome extends Snapshot {
  readonly type: 'welcome';
  /** The secret that continues this session after a drop. */
  readonly resume: string | null;
  readonly resumed: boolean;
  /** How many messages of this client the session has taken; null: not told. */
  readonly received: number | null;
  readonly iceServers: readonly RTCIceServer[];
}

/** What the server says, without `seq`. */
export type ServerMessage =
  | Welcome
  | ({ readonly type: 'resync' } & Snapshot)
  | { readonly type: 'peer-joined' | 'peer-updated' | 'knock'; readonly peer: PeerInfo }
  | { readonly type: 'peer-left'; readonly peer: string; readonly reason: string }
  | { readonly type: 'peer-away' | 'peer-back'; readonly peer: string }
  | { readonly type: 'signal'; readonly from: string; readonly data: unknown }
  | { readonly type: 'message'; readonly from: string | null; readonly data: unknown }
  | { readonly type: 'room-updated'; readonly room: RoomInfo }
  | { readonly type: 'ice-servers'; readonly iceServers: readonly RTCIceServer[] }
  | { readonly type: 'lobby' | 'admitted' }
  | {
      readonly type: 'error';
      readonly code: string;
      readonly detail: string;
      readonly ref: unknown;
    }
  | { readonly type: 'bye'; readonly reason: string; readonly retryAfter: number | null }
  /** A type that this version does not know: counted, otherwise ignored. */
  | { readonly type: 'other' };

/** What this side says. */
export type ClientMessage =
  | { readonly type: 'signal'; readonly to: string; readonly data: unknown; readonly ref?: unknown }
  | { readonly type: 'message'; readonly data: unknown }
  | { readonly type: 'update'; readonly name?: string; readonly metadata?: unknown }
  | { readonly type: 'admit' | 'deny' | 'kick'; readonly peer: string }
  | {
      readonly type: 'room';
      readonly locked?: boolean;
      readonly lobby?: boolean;
      readonly max_peers?: number;
    }
  | { readonly type: 'ack'; readonly seq: number }
  | { readonly type: 'leave' };

export interface Frame {
  readonly seq: number;
  readonly message: ServerMessage;
}

/** Reads a text frame; undefined when it is not what a server of this version sends. */
export function parseFrame(text: string): Frame | undefined {
  const raw = parseObject(text);
  if (!raw || !isCount(raw.seq)) {
    return undefined;
  }
  const message = parseMessage(raw);
  return message && { seq: raw.seq, message };
}

function parseMessage(raw: JsonObject): ServerMessage | undefined {
  const { type } = raw;
  switch (type) {
    case 'welcome':
      return parseWelcome(raw);
    case 'resync': {
      const snapshot = parseSnapshot(raw);
      return snapshot && { type, ...snapshot };
    }
    case 'peer-joined':
    case 'peer-updated':
    case 'knock': {
      const peer = parsePeer(raw.peer);
      return peer && { type, peer };
    }
    case 'peer-left': {
      const { peer, reason } = raw;
      return isId(peer) ? { type, peer, reason: textOr(reason, 'left') } : undefined;
    }
    case 'peer-away':
    case 'peer-back': {
      const { peer } = raw;
      return isId(peer) ? { type, peer } : undefined;
    }
    case 'signal': {
      const { from, data } = raw;
      return isId(from) ? { type, from, data } : undefined;
    }
    case 'message': {
      const { from, data } = raw;
      return from === null || isId(from) ? { type, from, data } : undefined;
    }
    case 'room-updated': {
      const room = parseRoom(raw.room);
      return room && { type, room };
    }
    case 'ice-servers':
      return { type, iceServers: parseIceServers(raw.ice_servers) };
    case 'lobby':
    case 'admitted':
      return { type };
    case 'error':
      return {
        type,
        code: textOr(raw.code, 'error'),
        detail: textOr(raw.detail, ''),
        ref: raw.ref,
      };
    case 'bye': {
      const retry = raw.retry_after_ms;
      return { type, reason: textOr(raw.reason, 'bye'), retryAfter: isCount(retry) ? retry : null };
    }
    default:
      return typeof type === 'string' ? { type: 'other' } : undefined;
  }
}

function parseWelcome(raw: JsonObject): Welcome | undefined {
  const snapshot = parseSnapshot(raw);
  const { resume, received } = raw;
  return (
    snapshot && {
      type: 'welcome',
      ...snapshot,
      resume: isText(resume, 4096) ? resume : null,
      resumed: raw.resumed === true,
      received: isCount(received) ? received : null,
      iceServers: parseIceServers(raw.ice_servers),
    }
  );
}

function parseSnapshot(raw: JsonObject): Snapshot | undefined {
  const self = parsePeer(raw.self);
  const room = parseRoom(raw.room);
  const list = raw.peers;
  if (!self || !room || !Array.isArray(list)) {
    return undefined;
  }
  const peers = list
    .map(parsePeer)
    .filter((peer): peer is PeerInfo => peer !== undefined && peer.id !== self.id);
  return { self, room, peers };
}

function parsePeer(raw: unknown): PeerInfo | undefined {
  if (!isObject(raw) || !isId(raw.id)) {
    return undefined;
  }
  const identity = textOr(raw.identity, raw.id);
  const role: Role = raw.role === 'moderator' ? 'moderator' : 'participant';
  return {
    id: raw.id,
    identity,
    name: textOr(raw.name, identity),
    role,
    metadata: raw.metadata ?? null,
    joined_at: textOr(raw.joined_at, ''),
  };
}

const STATUSES: readonly RoomStatus[] = ['open', 'occupied', 'full', 'closed'];

function parseRoom(raw: unknown): RoomInfo | undefined {
  if (!isObject(raw) || !isText(raw.room, 256)) {
    return undefined;
  }
  const maxPeers = raw.max_peers;
  return {
    room: raw.room,
    status: STATUSES.find((status) => status === raw.status) ?? 'occupied',
    locked: raw.locked === true,
    lobby: raw.lobby === true,
    relay_only: raw.relay_only === true,
    max_peers: isCount(maxPeers) ? maxPeers : 0,
    created_at: textOr(raw.created_at, ''),
    updated_at: textOr(raw.updated_at, ''),
  };
}

/** Keeps what `RTCPeerConnection` would take: one bad server must not spoil the rest. */
export function parseIceServers(raw: unknown): readonly RTCIceServer[] {
  if (!Array.isArray(raw)) {
    return [];
  }
  const servers: RTCIceServer[] = [];
  for (const entry of raw as readonly unknown[]) {
    if (!isObject(entry)) {
      continue;
    }
    const { username, credential } = entry;
    const given: readonly unknown[] = Array.isArray(entry.urls) ? entry.urls : [entry.urls];
    const identified = typeof username === 'string' && typeof credential === 'string';
    const urls = given.filter(isIceUrl).filter((url) => identified || url.startsWith('stun'));
    if (urls.length > 0) {
      servers.push(identified ? { urls, username, credential } : { urls });
    }
  }
  return servers;
}

/** RFC 7064 and RFC 7065. */
function isIceUrl(value: unknown): value is string {
  return (
    typeof value === 'string' &&
    /^(stuns?:[^\s?]+|turns?:[^\s?]+(\?transport=(udp|tcp))?)$/.test(value)
  );
}

function isId(value: unknown): value is string {
  return isText(value, 256);
}

function textOr(value: unknown, fallback: string): string {
  return typeof value === 'string' ? value : fallback;
}
