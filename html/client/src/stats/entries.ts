import { isObject, type JsonObject } from '../util/guards.js';

/** A report of `getStats` with the entries under one type (W3C Identifiers for WebRTC's Statistics). */
export class Entries {
  readonly #byId = new Map<string, JsonObject>();

  constructor(report: RTCStatsReport) {
    report.forEach((entry: unknown, id) => {
      if (isObject(entry)) {
        this.#byId.set(id, entry);
      }
    });
  }

  get(id: unknown): JsonObject | undefined {
    return typeof id === 'string' ? this.#byId.get(id) : undefined;
  }

  ofType(type: string): readonly JsonObject[] {
    return [...this.#byId.values()].filter((entry) => entry.type === type);
  }

  /** The pair of candidates in use. */
  pair(): JsonObject | undefined {
    const transport = this.ofType('transport').find((entry) => entry.selectedCandidatePairId);
    return (
      this.get(transport?.selectedCandidatePairId) ??
      // Firefox has no transport statistics and marks the pair itself.
      this.ofType('candidate-pair').find((entry) => entry.selected === true)
    );
  }
}

export function numberOf(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

export function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
