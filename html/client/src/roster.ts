import type { PeerHost } from './peer/host.js';
import { RemotePeer } from './peer/remote-peer.js';
import type { PeerInfo } from './types.js';

/** How long a connection that works is kept after the server has lost sight of the peer. */
const KEEP = 30_000;

/** How long somebody who has joined anew may take to show which connection is theirs. */
const RETURN = 3_000;

interface Returning {
  readonly peer: RemotePeer;
  readonly info: PeerInfo;
  readonly timer: ReturnType<typeof setTimeout>;
}

/**
 * The other members of the room.
 *
 * A connection between two browsers does not need the server, and must not suffer from its faults.
 * So a peer whose session has ended without its will is kept while its connection works; when the
 * same identity joins anew, the two sides find out by a `hello` whether both still have their end,
 * and go on under the new id.
 */
export class Roster {
  readonly peers = new Map<string, RemotePeer>();
  readonly #host: PeerHost;
  readonly #kept = new Map<RemotePeer, ReturnType<typeof setTimeout>>();
  /** By new id. */
  readonly #returning = new Map<string, Returning>();

  constructor(host: PeerHost) {
    this.#host = host;
  }

  /** Somebody is here; `initiate`: it is for this side to make the first offer. */
  joined(info: PeerInfo, initiate: boolean): void {
    const known = this.peers.get(info.id);
    if (known) {
      this.#unkeep(known);
      known.update(info, false);
      return;
    }
    const old = [...this.peers.values()].find((peer) => peer.info.identity === info.identity);
    if (old) {
      // Even where its connection is broken: files and messages wait for the next one.
      this.#expect(old, info);
    } else {
      this.#add(info, initiate);
    }
  }

  left(id: string, reason: string): void {
    const returning = this.#returning.get(id);
    if (returning) {
      this.#forget(id, returning);
      if (works(returning.peer)) {
        this.#keep(returning.peer);
      } else {
        this.#remove(returning.peer, reason);
      }
      return;
    }
    const peer = this.peers.get(id);
    if (!peer || this.#isReturning(peer)) {
      return;
    }
    const unwilling = reason === 'timeout' || reason === 'replaced';
    if (unwilling && works(peer)) {
      this.#keep(peer);
    } else {
      this.#remove(peer, reason);
    }
  }

  updated(info: PeerInfo): void {
    const peer = this.peers.get(info.id);
    peer?.update(info, peer.away);
  }

  setAway(id: string, away: boolean): void {
    this.peers.get(id)?.setAway(away);
  }

  signal(from: string, data: unknown): void {
    const returning = this.#returning.get(from);
    if (returning) {
      this.#settle(from, returning, returning.peer.knows(data));
    }
    this.peers.get(from)?.receive(data);
  }

  /** Compares with a snapshot of the room, after which signals may be missing. */
  reconcile(present: readonly PeerInfo[]): void {
    const before = new Set(this.peers.keys());
    for (const info of present) {
      this.joined(info, true);
    }
    const ids = new Set(present.map((info) => info.id));
    for (const [id, peer] of [...this.peers]) {
      if (ids.has(id)) {
        if (before.has(id)) {
          peer.hello();
        }
      } else if (!this.#isReturning(peer) && !this.#kept.has(peer)) {
        this.left(id, 'timeout');
      }
    }
  }

  /** A connection has changed: one that was kept because it worked may not do so any more. */
  onConnection(peer: RemotePeer): void {
    if (peer.connection === 'failed' && this.#kept.has(peer)) {
      this.#remove(peer, 'timeout');
    }
  }

  close(): void {
    for (const [id, returning] of this.#returning) {
      this.#forget(id, returning);
    }
    for (const peer of this.peers.values()) {
      this.#unkeep(peer);
      peer.close();
    }
    this.peers.clear();
  }

  #add(info: PeerInfo, initiate: boolean): void {
    const peer = new RemotePeer(info, this.#host, { initiate });
    this.peers.set(info.id, peer);
    this.#host.emit('peer-joined', peer);
  }

  #remove(peer: RemotePeer, reason: string): void {
    this.#unkeep(peer);
    this.peers.delete(peer.info.id);
    peer.close();
    this.#host.emit('peer-left', { peer, reason });
  }

  #keep(peer: RemotePeer): void {
    this.#unkeep(peer);
    const timer = setTimeout(() => {
      this.#remove(peer, 'timeout');
    }, KEEP);
    this.#kept.set(peer, timer);
    peer.setAway(true);
  }

  #unkeep(peer: RemotePeer): void {
    clearTimeout(this.#kept.get(peer));
    this.#kept.delete(peer);
  }

  /** The identity of `peer` is here under another id: asks whether it has its connection still. */
  #expect(peer: RemotePeer, info: PeerInfo): void {
    this.#unkeep(peer);
    for (const [id, returning] of this.#returning) {
      if (returning.peer === peer) {
        this.#forget(id, returning);
      }
    }
    const timer = setTimeout(() => {
      const returning = this.#returning.get(info.id);
      if (returning) {
        this.#settle(info.id, returning, false);
      }
    }, RETURN);
    this.#returning.set(info.id, { peer, info, timer });
    peer.setAway(true);
    peer.hello(info.id);
  }

  #settle(id: string, returning: Returning, same: boolean): void {
    const { peer, info } = returning;
    this.#forget(id, returning);
    if (same) {
      this.peers.delete(peer.info.id);
      this.peers.set(id, peer);
      peer.update(info, false);
    } else {
      this.#remove(peer, 'replaced');
      this.#add(info, true);
    }
  }

  #forget(id: string, { timer }: Returning): void {
    clearTimeout(timer);
    this.#returning.delete(id);
  }

  #isReturning(peer: RemotePeer): boolean {
    return [...this.#returning.values()].some((returning) => returning.peer === peer);
  }
}

function works({ connection }: RemotePeer): boolean {
  return connection === 'connected' || connection === 'unstable';
}
