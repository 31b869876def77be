/** Removes the handler that it was returned for. */
export type Off = () => void;

/**
 * Typed events. What a handler throws is reported to the page as an uncaught error and never
 * reaches the code that emits.
 */
export class Emitter<Events extends object> {
  readonly #handlers = new Map<keyof Events, Set<(arg: never) => void>>();

  on<E extends keyof Events>(event: E, handler: (arg: Events[E]) => void): Off {
    let handlers = this.#handlers.get(event);
    if (!handlers) {
      handlers = new Set();
      this.#handlers.set(event, handlers);
    }
    // A wrapper of its own for each call, so that one function may be registered twice.
    const entry = (arg: Events[E]): void => {
      handler(arg);
    };
    handlers.add(entry);
    return () => {
      handlers.delete(entry);
    };
  }

  emit<E extends keyof Events>(event: E, arg: Events[E]): void {
    const handlers = this.#handlers.get(event);
    if (!handlers) {
      return;
    }
    for (const handler of [...handlers] as ((arg: Events[E]) => void)[]) {
      try {
        handler(arg);
      } catch (error) {
        report(error);
      }
    }
  }

  clear(): void {
    this.#handlers.clear();
  }
}

function report(error: unknown): void {
  if (typeof reportError === 'function') {
    reportError(error);
    return;
  }
  setTimeout(() => {
    throw error;
  });
}
