import { vi } from 'vitest';

/** The window's and the document's events, and answers to `fetch`. */
export class FakePage {
  readonly #window = new EventTarget();
  readonly #document = new EventTarget();

  constructor() {
    const listen = this.#window.addEventListener.bind(this.#window);
    const unlisten = this.#window.removeEventListener.bind(this.#window);
    vi.stubGlobal('addEventListener', listen);
    vi.stubGlobal('removeEventListener', unlisten);
    vi.stubGlobal('document', Object.assign(this.#document, { visibilityState: 'visible' }));
  }

  fire(event: 'online' | 'offline' | 'pagehide'): void {
    this.#window.dispatchEvent(new Event(event));
  }

  show(): void {
    this.#document.dispatchEvent(new Event('visibilitychange'));
  }
}

/** Answers `GET session`; an error stands for a server that cannot be reached. */
export function installFetch(answer: (url: string) => Response | Error): ReturnType<typeof vi.fn> {
  const fake = vi.fn((url: string): Promise<Response> => {
    const result = answer(url);
    return result instanceof Error ? Promise.reject(result) : Promise.resolve(result);
  });
  vi.stubGlobal('fetch', fake);
  return fake;
}

/** An RFC 9457 answer. */
export function problem(status: number, code: string): Response {
  return new Response(JSON.stringify({ status, code, title: code, detail: `It is ${code}.` }), {
    status,
    headers: { 'Content-Type': 'application/problem+json' },
  });
}
