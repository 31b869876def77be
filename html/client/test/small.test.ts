import { afterEach, describe, expect, it, vi } from 'vitest';
import { OtterError, toOtterError } from '../src/errors.js';
import { safeName, safeType } from '../src/files/name.js';
import { Backoff } from '../src/signaling/backoff.js';
import { checkSession, sessionUrl } from '../src/signaling/session-check.js';
import { parseFrame } from '../src/signaling/wire.js';
import { compareBytes } from '../src/util/bytes.js';
import { Emitter } from '../src/util/emitter.js';
import { peerInfo, roomInfo, welcome } from './fakes/messages.js';
import { installFetch, problem } from './fakes/page.js';

afterEach(() => {
  vi.unstubAllGlobals();
});

describe('safeName', () => {
  it.each([
    ['holiday.jpg', 'holiday.jpg'],
    ['日本語 ファイル.txt', '日本語 ファイル.txt'],
    ['../../etc/passwd', '_.._etc_passwd'],
    ['C:\\Windows\\x.dll', 'C__Windows_x.dll'],
    ['.bashrc', 'bashrc'],
    ['name.txt. . ', 'name.txt'],
    ['invoice\u202efdp.exe', 'invoicefdp.exe'],
    ['a\u0000b\nc', 'abc'],
    ['', 'file'],
    ['...', 'file'],
    ['\u200b', 'file'],
  ])('makes %j into %j', (name, expected) => {
    expect(safeName(name)).toBe(expected);
  });

  it('shortens, keeps the extension, and cuts no character in two', () => {
    const name = safeName(`${'x'.repeat(500)}.tar.gz`);
    expect(name).toHaveLength(200);
    expect(name.endsWith('.gz')).toBe(true);
    expect(safeName(`${'x'.repeat(199)}\u{1f600}x`)).toBe('x'.repeat(199));
  });
});

describe('safeType', () => {
  it('takes media types and nothing else', () => {
    expect(safeType('Image/SVG+xml')).toBe('image/svg+xml');
    expect(safeType('text/html; charset=utf-8')).toBe('');
    expect(safeType('text')).toBe('');
    expect(safeType(`text/${'x'.repeat(200)}`)).toBe('');
  });
});

describe('compareBytes', () => {
  it('orders as UTF-8 does, not as UTF-16', () => {
    expect(compareBytes('a', 'b')).toBeLessThan(0);
    expect(compareBytes('b', 'a')).toBeGreaterThan(0);
    expect(compareBytes('a', 'ab')).toBeLessThan(0);
    expect(compareBytes('x', 'x')).toBe(0);
    // U+FF5E comes before U+1F600 in UTF-8 and after its surrogates in UTF-16.
    expect(compareBytes('\uff5e', '\u{1f600}')).toBeLessThan(0);
  });
});

describe('Backoff', () => {
  it('keeps its jitter within bounds', () => {
    const at = (value: number): number[] => {
      const backoff = new Backoff(() => value);
      return Array.from({ length: 7 }, () => backoff.next());
    };
    expect(at(0)).toEqual([0, 225, 900, 2025, 3600, 5250, 5250]);
    expect(at(1)).toEqual([150, 525, 1650, 3525, 6150, 8900, 8900]);
  });
});

describe('Emitter', () => {
  it('calls what was registered when the event came, each as often as registered', () => {
    const emitter = new Emitter<{ a: number }>();
    const got: number[] = [];
    const handler = (value: number): void => {
      got.push(value);
    };
    const off = emitter.on('a', handler);
    emitter.on('a', handler);
    emitter.on('a', () => {
      emitter.on('a', handler);
    });
    emitter.emit('a', 1);
    expect(got).toEqual([1, 1]);
    off();
    off();
    emitter.emit('a', 2);
    expect(got).toEqual([1, 1, 2, 2]);
    emitter.clear();
    emitter.emit('a', 3);
    expect(got).toHaveLength(4);
  });
});

describe('errors', () => {
  it('are of one kind, with the cause in them', () => {
    const cause = new TypeError('x');
    expect(toOtterError(cause, 'code')).toMatchObject({ code: 'code', message: 'x', cause });
    const own = new OtterError('a', 'b', { status: 403 });
    expect(toOtterError(own, 'code')).toBe(own);
    expect(toOtterError('text', 'code').message).toBe('text');
    expect('closeCode' in own).toBe(false);
  });
});

describe('GET session', () => {
  it('lies beside the socket', () => {
    expect(sessionUrl('wss://h.example:8443/otter/ws?x=1#y')).toBe(
      'https://h.example:8443/otter/session',
    );
    expect(sessionUrl('ws://h/deep/er/ws')).toBe('http://h/deep/er/session');
  });

  it.each([
    [() => new Response('{}'), 'fine', 'unreachable'],
    [() => problem(401, 'token-expired'), 'token', 'token-expired'],
    [() => problem(403, 'origin-not-allowed'), 'refused', 'origin-not-allowed'],
    [() => problem(409, 'room-full'), 'refused', 'room-full'],
    [() => problem(429, 'too-many'), 'busy', 'too-many'],
    [() => new Response('<html>', { status: 502 }), 'busy', 'http-502'],
    [() => new Response('[]', { status: 404 }), 'refused', 'http-404'],
    [() => new TypeError('failed to fetch'), 'unreachable', 'unreachable'],
  ])('tells why: %#', async (answer, kind, code) => {
    const fetch = installFetch(answer);
    const verdict = await checkSession('ws://h/otter/ws', 't.o.k');
    expect(verdict.kind).toBe(kind);
    expect(verdict.error.code).toBe(code);
    expect(fetch.mock.calls[0]?.[1]).toMatchObject({ headers: { Authorization: 'Bearer t.o.k' } });
  });
});

describe('frames of the server', () => {
  it.each([
    '',
    '[]',
    '{}',
    '{"seq":"1","type":"lobby"}',
    '{"seq":1}',
    '{"seq":-1,"type":"lobby"}',
    '{"seq":1,"type":"welcome"}',
    '{"seq":1,"type":"peer-joined","peer":{"id":7}}',
    '{"seq":1,"type":"peer-left"}',
    '{"seq":1,"type":"signal","data":1}',
    '{"seq":1,"type":"message","from":7,"data":1}',
    '{"seq":1,"type":"room-updated","room":[]}',
    '{"seq":1,"type":"resync","self":null}',
  ])('that make no sense are told apart: %s', (text) => {
    expect(parseFrame(text)).toBeUndefined();
  });

  it('are read with what they have', () => {
    const read = (message: unknown): unknown => parseFrame(JSON.stringify(message))?.message;
    expect(
      read({ ...welcome(), received: 3, peers: [peerInfo('m'), peerInfo('x'), 7] }),
    ).toMatchObject({
      resume: 'secret-1',
      received: 3,
      peers: [{ id: 'x' }],
    });
    expect(read({ seq: 1, type: 'peer-joined', peer: { id: 'x' } })).toEqual({
      type: 'peer-joined',
      peer: {
        id: 'x',
        identity: 'x',
        name: 'x',
        role: 'participant',
        metadata: null,
        joined_at: '',
      },
    });
    expect(read({ seq: 1, type: 'room-updated', room: roomInfo({ status: 'odd' }) })).toMatchObject(
      {
        room: { status: 'occupied', max_peers: 8 },
      },
    );
    expect(read({ seq: 1, type: 'bye', reason: 'restart', retry_after_ms: 5 })).toEqual({
      type: 'bye',
      reason: 'restart',
      retryAfter: 5,
    });
    expect(read({ seq: 1, type: 'peer-away', peer: 'x' })).toEqual({
      type: 'peer-away',
      peer: 'x',
    });
  });
});
