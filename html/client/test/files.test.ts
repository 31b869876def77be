import { createHash, randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { chunkSize } from '../src/files/outgoing.js';
import type { FileTransfer } from '../src/types.js';
import type { FakeChannel } from './fakes/channel.js';
import { FakePeerConnection } from './fakes/rtc.js';
import { fakePc, World, type Member } from './fakes/world.js';

let world: World;

beforeEach(() => {
  world = new World();
});

afterEach(() => {
  world.end();
});

const MIB = 1024 * 1024;

function file(bytes: Uint8Array<ArrayBuffer>, name = 'a.bin', type = 'application/pdf'): File {
  return new File([bytes], name, { type });
}

function random(size: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(randomBytes(size));
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Blobs are read on threads of their own, which a fake clock does not wait for. */
async function runReally(until: () => boolean): Promise<void> {
  for (let i = 0; i < 4_000 && !until(); i++) {
    await world.run(5);
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
  }
  expect(until()).toBe(true);
}

const over = ({ state }: FileTransfer): boolean => state !== 'offered' && state !== 'active';

/** Offers a file from the first to the second. */
async function offer(
  [from, to]: readonly [Member, Member],
  content: File,
): Promise<[out: FileTransfer, incoming: FileTransfer]> {
  const [out] = from.room.sendFile(content);
  await world.run(10);
  const incoming = to.all('file').at(-1);
  if (!out || !incoming) {
    throw new Error('no transfer');
  }
  return [out, incoming];
}

const fileChannel = (member: Member): FakeChannel => {
  const channel = fakePc(member).channels.find(({ label }) => label.startsWith('otter-file:'));
  if (!channel) {
    throw new Error('no channel');
  }
  return channel;
};

const outcome = (transfer: FileTransfer): Promise<unknown> =>
  transfer.done.catch((error: unknown) => error);

/** Keeps what is written; the writes can be held back. */
class Sink {
  readonly pieces: Uint8Array[] = [];
  closed = false;
  aborted = false;
  wait: Promise<void> = Promise.resolve();
  readonly stream = new WritableStream<Uint8Array>({
    write: async (piece) => {
      await this.wait;
      this.pieces.push(piece);
    },
    close: () => {
      this.closed = true;
    },
    abort: () => {
      this.aborted = true;
    },
  });
}

/** Takes one piece and no more until it is released, so that a transfer stays in the middle. */
function stuckSink(): [sink: Sink, release: () => void] {
  const sink = new Sink();
  const { pieces } = sink;
  let release: () => void = () => undefined;
  const stuck = new Promise<void>((resolve) => {
    release = resolve;
  });
  pieces.push = (...items) => {
    sink.wait = stuck;
    return Array.prototype.push.apply(pieces, items);
  };
  return [
    sink,
    () => {
      release();
    },
  ];
}

describe('a file', () => {
  it('arrives with its name, type and hash', async () => {
    const members = await world.pair();
    const bytes = random(3 * MIB + 17);
    const [out, incoming] = await offer(members, file(bytes, 'report.pdf'));
    expect(out).toMatchObject({
      direction: 'out',
      state: 'offered',
      peer: 'b',
      size: bytes.length,
    });
    expect(incoming).toMatchObject({
      direction: 'in',
      state: 'offered',
      peer: 'a',
      name: 'report.pdf',
      type: 'application/pdf',
      size: bytes.length,
    });
    const progress: number[] = [];
    out.on('progress', ({ transferred }) => progress.push(transferred));
    incoming.accept();
    await runReally(() => over(out) && over(incoming));
    const { blob, sha256: hash } = await incoming.done;
    expect(hash).toBe(sha256(bytes));
    expect(await out.done).toEqual({ sha256: hash });
    expect(blob?.type).toBe('application/pdf');
    vi.useRealTimers();
    expect(sha256(new Uint8Array((await blob?.arrayBuffer()) ?? []))).toBe(hash);
    expect([out.state, incoming.state]).toEqual(['done', 'done']);
    expect([out.transferred, incoming.transferred]).toEqual([bytes.length, bytes.length]);
    expect(progress.length).toBeGreaterThan(3);
    expect([...progress].sort((a, b) => a - b)).toEqual(progress);
  });

  it('may be empty', async () => {
    const members = await world.pair();
    const [out, incoming] = await offer(members, file(random(0)));
    incoming.accept();
    await runReally(() => over(out) && over(incoming));
    expect(await out.done).toEqual({ sha256: sha256(new Uint8Array()) });
    expect((await incoming.done).blob?.size).toBe(0);
  });

  it('goes to everybody, or to those who are named', async () => {
    const [ann, bob] = await world.pair();
    const eve = await world.join('eve');
    await world.run(2_000);
    expect(ann.room.sendFile(file(random(1))).map(({ peer }) => peer)).toHaveLength(2);
    expect(ann.room.sendFile(file(random(1)), ['b']).map(({ peer }) => peer)).toEqual(['b']);
    await world.run(10);
    expect(bob.all('file')).toHaveLength(2);
    expect(eve.all('file')).toHaveLength(1);
  });

  it('waits for room in the channel, and for the receiver', async () => {
    const members = await world.pair();
    const sink = new Sink();
    let release: () => void = () => undefined;
    sink.wait = new Promise((resolve) => {
      release = resolve;
    });
    const bytes = random(24 * MIB);
    const [out, incoming] = await offer(members, file(bytes));
    incoming.accept(sink.stream);
    await world.run(10);
    await runReally(() => fileChannel(members[0]).sent.length >= 32);
    await world.run(1_000);
    const sent = (): number =>
      fileChannel(members[0]).sent.reduce<number>(
        (sum, piece) => sum + (piece instanceof ArrayBuffer ? piece.byteLength : 0),
        0,
      );
    // Nobody has taken a byte: no more than a window of it is under way.
    expect(sent()).toBeLessThanOrEqual(8 * MIB);
    expect(out.transferred).toBe(0);
    release();
    await runReally(() => over(out) && over(incoming));
    expect(fileChannel(members[0]).peak).toBeLessThanOrEqual(2 * MIB + 257 * 1024);
    expect(sha256(Buffer.concat(sink.pieces))).toBe(sha256(bytes));
    expect(sink.closed).toBe(true);
    expect(await incoming.done).toEqual({ sha256: sha256(bytes) });
  });

  it('is cut into pieces that the connection takes', () => {
    expect(chunkSize(262_144)).toBe(256 * 1024);
    expect(chunkSize(65_536)).toBe(64 * 1024);
    expect(chunkSize(1_073_741_823)).toBe(256 * 1024);
    expect(chunkSize(8_192)).toBe(8_192);
    expect(chunkSize(0)).toBe(256 * 1024);
    expect(chunkSize(Infinity)).toBe(256 * 1024);
  });
});

describe('a transfer', () => {
  it('can be declined', async () => {
    const members = await world.pair();
    const [out, incoming] = await offer(members, file(random(10)));
    incoming.cancel();
    await world.run(10);
    expect([out.state, incoming.state]).toEqual(['cancelled', 'cancelled']);
    expect(await outcome(out)).toMatchObject({ code: 'declined' });
    expect(await outcome(incoming)).toMatchObject({ code: 'cancelled' });
    incoming.accept();
    expect(incoming.state).toBe('cancelled');
  });

  it('can be withdrawn before it is taken', async () => {
    const members = await world.pair();
    const [out, incoming] = await offer(members, file(random(10)));
    out.cancel();
    await world.run(10);
    expect([out.state, incoming.state]).toEqual(['cancelled', 'cancelled']);
  });

  it.each(['sender', 'receiver'] as const)('can be stopped by the %s', async (who) => {
    const members = await world.pair();
    const [sink, release] = stuckSink();
    const [out, incoming] = await offer(members, file(random(12 * MIB)));
    incoming.accept(sink.stream);
    await runReally(() => incoming.transferred > 0);
    (who === 'sender' ? out : incoming).cancel();
    release();
    await runReally(() => sink.aborted);
    await world.run(2_000);
    expect([out.state, incoming.state]).toEqual(['cancelled', 'cancelled']);
    expect(fileChannel(members[0]).readyState).toBe('closed');
    expect(out.error).toBeNull();
  });

  it('is known to be stopped even if its channel closes before that is said', async () => {
    const members = await world.pair();
    const [out, incoming] = await offer(members, file(random(12 * MIB)));
    incoming.accept(stuckSink()[0].stream);
    await runReally(() => incoming.transferred > 0);
    fileChannel(members[1]).end();
    await world.run(0);
    out.cancel();
    await world.run(2_000);
    expect([out.state, incoming.state]).toEqual(['cancelled', 'cancelled']);
  });

  it('fails when the peer leaves', async () => {
    const members = await world.pair();
    const [out, incoming] = await offer(members, file(random(12 * MIB)));
    incoming.accept(stuckSink()[0].stream);
    await runReally(() => incoming.transferred > 0);
    world.server.leave('a', 'kicked', 4403);
    await world.run(100);
    expect([out.state, incoming.state]).toEqual(['failed', 'failed']);
    expect(incoming.error?.code).toBe('peer-left');
  });

  /** Bytes of the file that a member has sent over all channels of its connection. */
  const sentBy = (member: Member, since = 0): number =>
    fakePc(member)
      .channels.filter(({ label }) => label.startsWith('otter-file:'))
      .slice(since)
      .flatMap(({ sent }) => sent)
      .reduce<number>(
        (sum, piece) => sum + (piece instanceof ArrayBuffer ? piece.byteLength : 0),
        0,
      );

  it('goes on after its channel was lost, with nothing sent twice that had arrived', async () => {
    const members = await world.pair();
    const bytes = random(12 * MIB);
    const [out, incoming] = await offer(members, file(bytes));
    const [sink, release] = stuckSink();
    incoming.accept(sink.stream);
    await runReally(() => incoming.transferred > 0);
    const channel = fileChannel(members[0]);
    const { other } = channel;
    channel.end();
    other?.end();
    await world.run(500);
    expect([out.waiting, incoming.waiting]).toEqual([null, null]);
    await world.run(600);
    release();
    await runReally(() => over(out) && over(incoming));
    expect([out.state, incoming.state]).toEqual(['done', 'done']);
    expect(await incoming.done).toMatchObject({ sha256: sha256(bytes) });
    expect(await out.done).toEqual({ sha256: sha256(bytes) });
    expect(sha256(Buffer.concat(sink.pieces))).toBe(sha256(bytes));
    expect(sentBy(members[0])).toBeGreaterThanOrEqual(bytes.length);
    // No more than what was on its way is sent again.
    expect(sentBy(members[0], 1)).toBeLessThan(bytes.length);
  });

  it('goes on over a connection that was built anew', async () => {
    const members = await world.pair();
    const bytes = random(12 * MIB);
    const [out, incoming] = await offer(members, file(bytes));
    const [sink, release] = stuckSink();
    incoming.accept(sink.stream);
    await runReally(() => incoming.transferred > 0);
    const old = fakePc(members[0]);
    FakePeerConnection.network = false;
    for (const member of members) {
      fakePc(member).become('failed');
    }
    await world.run(13_000);
    expect([out.waiting, incoming.waiting]).toEqual(['connection', 'connection']);
    FakePeerConnection.network = true;
    release();
    await runReally(() => over(out) && over(incoming));
    expect(fakePc(members[0])).not.toBe(old);
    expect(await incoming.done).toMatchObject({ sha256: sha256(bytes) });
    expect((await out.done).sha256).toBe(sha256(bytes));
    expect(sentBy(members[0])).toBeLessThan(bytes.length);
  });

  it('goes on after both have joined anew to mend the connection', async () => {
    const members = await world.pair();
    const bytes = random(12 * MIB);
    const [out, incoming] = await offer(members, file(bytes));
    const [sink, release] = stuckSink();
    incoming.accept(sink.stream);
    await runReally(() => incoming.transferred > 0);
    FakePeerConnection.network = false;
    for (const member of members) {
      fakePc(member).become('failed');
    }
    await world.run(24_000);
    expect(members[0].room.self.id).not.toBe('a');
    FakePeerConnection.network = true;
    release();
    await world.run(30_000);
    await runReally(() => over(out) && over(incoming));
    expect(await incoming.done).toMatchObject({ sha256: sha256(bytes) });
    expect(members[1].events).not.toContain('peer-left');
  });

  it('is done on both sides though the result was lost with the channel', async () => {
    const members = await world.pair();
    const [out, incoming] = await offer(members, file(random(MIB)));
    incoming.accept();
    await world.run(1);
    const far = fileChannel(members[1]);
    const send = far.send.bind(far);
    far.send = (data) => {
      if (typeof data !== 'string' || !data.includes('result')) {
        send(data);
      }
    };
    await runReally(() => over(incoming) && over(out));
    expect([out.state, incoming.state]).toEqual(['done', 'done']);
  });

  it('fails when no connection comes for two minutes', async () => {
    const members = await world.pair();
    const [out, incoming] = await offer(members, file(random(12 * MIB)));
    incoming.accept(stuckSink()[0].stream);
    await runReally(() => incoming.transferred > 0);
    world.server.down = true;
    world.server.cut('a');
    world.server.cut('b');
    FakePeerConnection.network = false;
    for (const member of members) {
      fakePc(member).become('failed');
      for (const channel of fakePc(member).channels) {
        channel.other = null;
      }
      fileChannel(member).end();
    }
    await world.run(119_000);
    expect([out.state, incoming.state]).toEqual(['active', 'active']);
    await world.run(3_000);
    expect([out.error?.code, incoming.error?.code]).toEqual(['connection-lost', 'connection-lost']);
  });

  it.each(['sender', 'receiver'])('can be held up by the %s', async (who) => {
    const members = await world.pair();
    const bytes = random(12 * MIB);
    const [out, incoming] = await offer(members, file(bytes));
    const sink = new Sink();
    incoming.accept(sink.stream);
    await runReally(() => incoming.transferred > 0);
    const holder = who === 'sender' ? out : incoming;
    holder.pause(true);
    await world.run(200);
    expect([out.waiting, incoming.waiting]).toEqual(['pause', 'pause']);
    const [held, other] = who === 'sender' ? [out, incoming] : [incoming, out];
    expect(held.paused).toEqual({ here: true, there: false });
    expect(other.paused).toEqual({ here: false, there: true });
    const { transferred } = incoming;
    expect(transferred).toBeLessThan(bytes.length);
    await world.run(5_000);
    expect(incoming.transferred).toBe(transferred);
    holder.pause(false);
    await runReally(() => over(out) && over(incoming));
    expect(await incoming.done).toMatchObject({ sha256: sha256(bytes) });
  });

  it('fails when the file cannot be read, and the receiver is told', async () => {
    const members = await world.pair();
    const content = file(random(10));
    content.slice = () => {
      throw new DOMException('gone', 'NotReadableError');
    };
    const [out, incoming] = await offer(members, content);
    incoming.accept();
    await world.run(2_000);
    expect(out.error?.code).toBe('file-unreadable');
    expect(incoming.state).toBe('cancelled');
  });

  it('fails when the sink does, and the sender is told', async () => {
    const members = await world.pair();
    const sink = new WritableStream<Uint8Array>({
      write: () => {
        throw new Error('disk full');
      },
    });
    const [out, incoming] = await offer(members, file(random(MIB)));
    incoming.accept(sink);
    await runReally(() => over(incoming));
    await world.run(2_000);
    expect(incoming.error).toMatchObject({ code: 'sink-failed', message: 'disk full' });
    expect(out.state).toBe('cancelled');
  });
});

describe('a sender that lies', () => {
  /** A transfer that the receiver has accepted, its channel in the hands of the test. */
  async function accepted(size: number): Promise<[FakeChannel, FileTransfer, Member]> {
    const members = await world.pair();
    const content = file(random(1));
    Object.defineProperty(content, 'size', { value: size });
    // The sender reads for ever.
    content.slice = () => ({ arrayBuffer: () => new Promise(() => undefined) }) as unknown as Blob;
    const [, incoming] = await offer(members, content);
    incoming.accept();
    await world.run(20);
    return [fileChannel(members[0]), incoming, members[1]];
  }

  it('about the length, too small', async () => {
    const [channel, incoming] = await accepted(1_000);
    channel.send(random(900).buffer);
    channel.send(random(101).buffer);
    await world.run(100);
    expect(incoming.error?.code).toBe('too-long');
  });

  it('about the length, too large', async () => {
    const [channel, incoming] = await accepted(1_000);
    channel.send(random(900).buffer);
    channel.send(JSON.stringify({ type: 'end', sha256: 'x' }));
    await world.run(100);
    expect(incoming.error?.code).toBe('truncated');
  });

  it('about the hash', async () => {
    const [channel, incoming] = await accepted(1_000);
    channel.send(random(1_000).buffer);
    channel.send(JSON.stringify({ type: 'end', sha256: '0'.repeat(64) }));
    await world.run(100);
    expect(incoming.error?.code).toBe('hash-mismatch');
    expect(incoming.state).toBe('failed');
  });

  it('about waiting for the receiver', async () => {
    const members = await world.pair();
    const content = file(random(1));
    Object.defineProperty(content, 'size', { value: 100 * MIB });
    content.slice = () => ({ arrayBuffer: () => new Promise(() => undefined) }) as unknown as Blob;
    const [, incoming] = await offer(members, content);
    incoming.accept(new WritableStream({ write: () => new Promise(() => undefined) }));
    await world.run(20);
    const channel = fileChannel(members[0]);
    for (let i = 0; i < 17; i++) {
      channel.send(new ArrayBuffer(MIB));
    }
    await world.run(100);
    expect(incoming.error?.code).toBe('too-fast');
  });

  it('with junk between the bytes disturbs nothing', async () => {
    const [channel, incoming] = await accepted(3);
    for (const junk of [
      '',
      '{',
      '[]',
      '{"type":"end"}',
      '{"type":"received","bytes":-1}',
      'null',
    ]) {
      channel.send(junk);
    }
    const bytes = new Uint8Array([1, 2, 3]);
    channel.send(bytes.buffer);
    channel.send(JSON.stringify({ type: 'end', sha256: sha256(bytes) }));
    await world.run(100);
    expect(incoming.state).toBe('done');
  });

  it('with a channel that nobody has asked for gets it closed', async () => {
    const [ann, bob] = await world.pair();
    const channel = fakePc(ann).createDataChannel('otter-file:nobody');
    const own = fakePc(ann).createDataChannel('of the application');
    await world.run(100);
    expect(channel.readyState).toBe('closed');
    expect(own.readyState).toBe('open');
    expect(bob.all('error')).toEqual([]);
  });
});
