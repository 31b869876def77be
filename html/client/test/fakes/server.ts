import { roomInfo, peerInfo, type FakePeerInfo } from './messages.js';
import type { FakeWebSocket } from './websocket.js';

interface Member {
  readonly info: FakePeerInfo;
  resume: string;
  socket: FakeWebSocket | null;
  seq: number;
  received: number;
  /** Everything said, by number. */
  readonly said: { seq: number; message: Record<string, unknown> }[];
}

/**
 * A signaling server of one room in memory. Ids are given in the order of joining, unless a test
 * names them, so that it decides who is polite.
 */
export class FakeServer {
  readonly members = new Map<string, Member>();
  /** Ids for the next to join. */
  ids: string[] = [];
  /** Time that a message takes, in milliseconds. */
  latency = 1;
  /** Decides which signals get lost, as in the crash of a server. */
  lose: (from: string, data: unknown) => boolean = () => false;
  /** What was signalled, for what a test wants to know. */
  readonly signals: { from: string; to: string; data: Record<string, unknown> }[] = [];
  /** Every message that was taken. */
  readonly taken: Record<string, unknown>[] = [];
  /** Refuses every handshake. */
  down = false;
  /** Tells at a resume how many messages it has taken. */
  counts = true;
  iceServers: unknown[] = [];
  /** What is told of the room beside the usual. */
  room: Record<string, unknown> = {};
  #count = 0;

  onConnect(socket: FakeWebSocket): void {
    setTimeout(() => {
      this.#handshake(socket);
    }, this.latency);
  }

  onMessage(socket: FakeWebSocket, message: Record<string, unknown>): void {
    setTimeout(() => {
      const member = [...this.members.values()].find((entry) => entry.socket === socket);
      if (member) {
        member.received++;
        this.#take(member, message);
      }
    }, this.latency);
  }

  onClose(socket: FakeWebSocket): void {
    setTimeout(() => {
      this.#away(socket);
    }, this.latency);
  }

  /** Cuts the socket of a member; its session is held. */
  cut(id: string, code = 1006): void {
    const socket = this.members.get(id)?.socket;
    if (socket) {
      this.#away(socket);
      socket.end(code);
    }
  }

  /** Everything is forgotten and every socket lost, as when nginx is killed. */
  crash(): void {
    const sockets = [...this.members.values()].map(({ socket }) => socket);
    this.members.clear();
    for (const socket of sockets) {
      socket?.end(1006);
    }
  }

  /** Ends a member's session. */
  leave(id: string, reason: string, code = 1000): void {
    const member = this.members.get(id);
    if (member) {
      this.members.delete(id);
      member.socket?.end(code);
      this.tell(id, { type: 'peer-left', peer: id, reason });
    }
  }

  /** Says something to everybody but one. */
  tell(except: string, message: Record<string, unknown>): void {
    for (const member of this.members.values()) {
      if (member.info.id !== except) {
        this.say(member.info.id, message);
      }
    }
  }

  say(id: string, message: Record<string, unknown>): void {
    const member = this.members.get(id);
    if (member) {
      member.seq++;
      const said = { seq: member.seq, message };
      member.said.push(said);
      member.socket?.say({ seq: said.seq, ...message });
    }
  }

  /** What `welcome` and `resync` carry. */
  snapshot(id: string): Record<string, unknown> {
    const others = [...this.members.values()].filter(({ info }) => info.id !== id);
    return {
      self: this.members.get(id)?.info,
      room: roomInfo(this.room),
      peers: others.map(({ info }) => info),
    };
  }

  #handshake(socket: FakeWebSocket): void {
    if (socket.readyState !== 0) {
      return;
    }
    const secret = socket.url.searchParams.get('resume');
    const held = [...this.members.values()].find(({ resume }) => resume === secret);
    if (this.down || (secret !== null && !held)) {
      socket.end(1006);
    } else if (held) {
      this.#resume(held, socket);
    } else {
      this.#join(socket);
    }
  }

  #join(socket: FakeWebSocket): void {
    const identity = socket.protocols[1]?.replace('otter.bearer.', '') ?? '';
    for (const { info } of [...this.members.values()]) {
      if (info.identity === identity) {
        this.leave(info.id, 'replaced', 4409);
      }
    }
    const id = this.ids.shift() ?? `p${++this.#count}`;
    const info = peerInfo(id, identity);
    const member: Member = { info, resume: this.#secret(), socket, seq: 0, received: 0, said: [] };
    this.members.set(id, member);
    socket.open();
    this.#welcome(member, false);
    this.tell(id, { type: 'peer-joined', peer: info });
  }

  #resume(member: Member, socket: FakeWebSocket): void {
    const seen = Number(socket.url.searchParams.get('seq'));
    const missed = member.said.filter(({ seq }) => seq > seen);
    member.socket?.end(1006);
    member.socket = socket;
    member.resume = this.#secret();
    member.seq = seen;
    socket.open();
    this.#welcome(member, true);
    for (const { message } of missed) {
      this.say(member.info.id, message);
    }
    this.tell(member.info.id, { type: 'peer-back', peer: member.info.id });
  }

  #welcome(member: Member, resumed: boolean): void {
    this.say(member.info.id, {
      type: 'welcome',
      session: 's',
      resume: member.resume,
      resumed,
      ...(this.counts ? { received: member.received } : {}),
      ...this.snapshot(member.info.id),
      ice_servers: this.iceServers,
    });
  }

  #take(member: Member, message: Record<string, unknown>): void {
    const from = member.info.id;
    const { type, ref } = message;
    this.taken.push(message);
    if (type === 'signal') {
      const to = String(message.to);
      const data = message.data as Record<string, unknown>;
      this.signals.push({ from, to, data });
      if (!this.members.has(to)) {
        this.say(from, { type: 'error', code: 'no-such-peer', detail: '', ref });
      } else if (!this.lose(from, data)) {
        this.say(to, { type: 'signal', from, data });
      }
    } else if (type === 'message') {
      this.tell(from, { type, from, data: message.data });
    } else if (type === 'leave') {
      this.leave(from, 'left');
    }
  }

  #away(socket: FakeWebSocket): void {
    const member = [...this.members.values()].find((entry) => entry.socket === socket);
    if (member) {
      member.socket = null;
      this.tell(member.info.id, { type: 'peer-away', peer: member.info.id });
    }
  }

  #secret(): string {
    return `secret-${++this.#count}`;
  }
}
