import { type FrameWishes, readFragment } from '@otter/embed/protocol';

/** The page is in the frame of an `<otter-call>` on a site. */
export interface Embedding {
  /** Origin of the site: nobody else is told anything or listened to. */
  readonly origin: string;
  /** What the site asks for, by the names under which the page remembers such things. */
  readonly wishes: ReadonlyMap<string, string>;
}

const KEPT = 'otter.embed';

export function embeddingOf({ origin, name, theme, language }: FrameWishes): Embedding {
  const wishes = new Map<string, string>();
  const wish = (key: string, value: string | null | undefined): void => {
    if (value !== null && value !== undefined && value !== '') {
      wishes.set(key, value);
    }
  };
  wish('name', name);
  wish('theme', theme);
  wish('language', language?.toLowerCase().split('-')[0]);
  return { origin, wishes };
}

/** The fragment is gone after the first look at it; a reload of the frame goes by what was kept. */
function fragment(): string {
  const { hash } = window.location;
  try {
    if (readFragment(hash) === null) {
      return sessionStorage.getItem(KEPT) ?? '';
    }
    const parameters = new URLSearchParams(hash.slice(1));
    parameters.delete('token');
    sessionStorage.setItem(KEPT, parameters.toString());
  } catch {
    // Storage is switched off: then a reload is one without the site.
  }
  return hash;
}

function find(): Embedding | null {
  if (typeof window === 'undefined' || window.parent === window) {
    return null;
  }
  const wishes = readFragment(fragment());
  return wishes === null ? null : embeddingOf(wishes);
}

/** Null on a page of its own. */
export const embedding: Embedding | null = find();
