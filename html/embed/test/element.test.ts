import { afterEach, beforeEach, expect, test } from 'vitest';
import { OtterCallElement } from '../src/element.js';
import { posted } from '../src/protocol.js';

customElements.define('otter-call', OtterCallElement);

function make(attributes: Readonly<Record<string, string>>): OtterCallElement {
  const element = new OtterCallElement();
  for (const [name, value] of Object.entries(attributes)) {
    element.setAttribute(name, value);
  }
  return element;
}

function frameOf(element: OtterCallElement): HTMLIFrameElement | null {
  return element.shadowRoot?.querySelector('iframe') ?? null;
}

/** The page in the frame, as far as the element knows it: the environment loads none. */
function pageOf(element: OtterCallElement): { readonly page: Window; readonly told: unknown[][] } {
  const told: unknown[][] = [];
  const page = {
    postMessage: (...args: unknown[]) => {
      told.push(args);
    },
  } as unknown as Window;
  const frame = frameOf(element);
  if (frame === null) {
    throw new Error('there is no frame');
  }
  Object.defineProperty(frame, 'contentWindow', { value: page });
  return { page, told };
}

function addressOf(element: OtterCallElement): URL {
  const frame = frameOf(element);
  if (frame === null) {
    throw new Error('there is no frame');
  }
  return new URL(frame.src);
}

function say(
  data: object,
  { source, origin }: { readonly source: Window; readonly origin: string },
): void {
  window.dispatchEvent(new MessageEvent('message', { data, origin, source } as MessageEventInit));
}

const SERVER = 'https://calls.example/otter/';

beforeEach(() => {
  OtterCallElement.defaultServer = SERVER;
});

afterEach(() => {
  document.body.replaceChildren();
});

test('the frame shows the room, may use the camera, and has a name', () => {
  const element = make({ room: 'standup', token: 'e.y.J', name: 'Ann', theme: 'dark', lang: 'de' });
  document.body.append(element);
  const address = addressOf(element);
  expect(address.origin + address.pathname).toBe('https://calls.example/otter/room/standup');
  expect(address.search).toBe('');
  expect(Object.fromEntries(new URLSearchParams(address.hash.slice(1)))).toEqual({
    token: 'e.y.J',
    embed: window.location.origin,
    name: 'Ann',
    theme: 'dark',
    lang: 'de',
  });
  const frame = frameOf(element);
  expect(frame?.allow).toMatch(/camera.*microphone.*display-capture.*fullscreen/);
  expect(frame?.title).toBe('Call');
  element.setAttribute('label', 'Stand-up');
  expect(frame?.title).toBe('Stand-up');
});

test.each([
  ['https://other.example/calls', 'https://other.example/calls/room/den'],
  ['https://other.example/otter/', 'https://other.example/otter/room/den'],
])('the server may be another: %s', (server, address) => {
  const element = make({ room: 'den', server });
  document.body.append(element);
  const { origin, pathname } = addressOf(element);
  expect(origin + pathname).toBe(address);
});

test.each([
  [{ room: '../admin' }, 'invalid-room'],
  [{ room: '..' }, 'invalid-room'],
  [{ room: 'a'.repeat(129) }, 'invalid-room'],
  [{ room: 'den', server: 'javascript:alert(1)' }, 'invalid-server'],
])('%o is refused', (attributes, code) => {
  const element = make(attributes);
  const codes: string[] = [];
  element.addEventListener('error', (event) => {
    codes.push((event as unknown as CustomEvent<{ code: string }>).detail.code);
  });
  document.body.append(element);
  expect(frameOf(element)).toBeNull();
  expect(codes).toEqual([code]);
});

test('without a room there is nothing yet; with one, and again with another, there is a frame', async () => {
  const element = make({});
  document.body.append(element);
  expect(frameOf(element)).toBeNull();
  element.room = 'one';
  element.token = 't';
  await Promise.resolve();
  const first = frameOf(element);
  expect(addressOf(element).pathname).toBe('/otter/room/one');
  element.room = 'two';
  await Promise.resolve();
  expect(addressOf(element).pathname).toBe('/otter/room/two');
  expect(frameOf(element)).not.toBe(first);
  element.remove();
  expect(frameOf(element)).toBeNull();
});

test('only the page in the frame, at its origin, is heard', () => {
  const element = make({ room: 'den' });
  document.body.append(element);
  const heard: unknown[] = [];
  element.addEventListener('left', (event) => {
    heard.push((event as CustomEvent<unknown>).detail);
  });
  const { page: source } = pageOf(element);
  const left = posted({ type: 'left', reason: 'kicked' });
  say(left, { source, origin: 'https://evil.example' });
  say(left, { source: window, origin: 'https://calls.example' });
  say({ type: 'left', reason: 'kicked' }, { source, origin: 'https://calls.example' });
  expect(heard).toEqual([]);
  say(left, { source, origin: 'https://calls.example' });
  expect(heard).toEqual([{ reason: 'kicked' }]);
});

test('commands go to the origin of the page alone, once it is ready', () => {
  const element = make({ room: 'den' });
  document.body.append(element);
  const { page: source, told } = pageOf(element);
  element.setMicrophone(false);
  expect(told).toEqual([]);
  element.style.setProperty('--otter-brand', 'rebeccapurple');
  say(posted({ type: 'ready' }), { source, origin: 'https://calls.example' });
  element.setMicrophone(false);
  element.theme = 'dark';
  element.leave();
  expect(told).toEqual([
    [posted({ type: 'colours', colours: { brand: 'rebeccapurple' } }), 'https://calls.example'],
    [posted({ type: 'microphone', on: false }), 'https://calls.example'],
    [posted({ type: 'theme', theme: 'dark' }), 'https://calls.example'],
    [posted({ type: 'leave' }), 'https://calls.example'],
  ]);
});
