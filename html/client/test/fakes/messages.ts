/** What a server says, for tests. */

export interface FakePeerInfo {
  readonly id: string;
  readonly identity: string;
  readonly name: string;
  readonly role: string;
  readonly metadata: unknown;
  readonly joined_at: string;
}

export function peerInfo(id: string, identity = id): FakePeerInfo {
  return {
    id,
    identity,
    name: identity.toUpperCase(),
    role: 'participant',
    metadata: {},
    joined_at: '2024-01-01T00:00:00Z',
  };
}

export function roomInfo(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    room: 'r',
    status: 'occupied',
    locked: false,
    lobby: false,
    relay_only: false,
    max_peers: 8,
    created_at: '2024-01-01T00:00:00Z',
    updated_at: '2024-01-01T00:00:00Z',
    ...changes,
  };
}

export function welcome(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    seq: 1,
    type: 'welcome',
    session: 's',
    resume: 'secret-1',
    resumed: false,
    self: peerInfo('m'),
    room: roomInfo(),
    peers: [],
    ice_servers: [],
    ice_expires_at: '2024-01-01T01:00:00Z',
    ...changes,
  };
}
