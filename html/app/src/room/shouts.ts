/**
 * What people tell the whole room besides words, over the server: short-lived things that nobody
 * misses who comes later. Who says it stands in the envelope, never in here.
 */
export type Shout =
  | { readonly otter: 'reaction'; readonly reaction: Reaction }
  /** From a moderator to one person, who alone decides. */
  | { readonly otter: 'ask-mute'; readonly to: string }
  /** Has read the conversation up to this message. */
  | { readonly otter: 'read'; readonly id: string };

export const REACTIONS = {
  thumbs: '👍',
  heart: '❤️',
  laugh: '😂',
  party: '🎉',
  clap: '👏',
  wow: '😮',
} as const;

export type Reaction = keyof typeof REACTIONS;

const MAX_ID = 64;

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function isId(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= MAX_ID;
}

/** Null for whatever else an application sends through the room. */
export function parseShout(data: unknown): Shout | null {
  if (!isRecord(data)) {
    return null;
  }
  const { otter, reaction, to, id } = data;
  if (otter === 'reaction' && typeof reaction === 'string' && Object.hasOwn(REACTIONS, reaction)) {
    return { otter, reaction: reaction as Reaction };
  }
  if (otter === 'ask-mute' && isId(to)) {
    return { otter, to };
  }
  return otter === 'read' && isId(id) ? { otter, id } : null;
}

/** What is part of how a person is described, so that whoever comes later sees it too. */
export type Flag = 'hand' | 'recording';

export function hasFlag(metadata: unknown, flag: Flag): boolean {
  return isRecord(metadata) && metadata[flag] === true;
}

/** The description with a flag or without; what else an application keeps there stays. */
export function withFlag(
  metadata: unknown,
  flag: Flag,
  on: boolean,
): Readonly<Record<string, unknown>> {
  const rest = Object.fromEntries(
    Object.entries(isRecord(metadata) ? metadata : {}).filter(([key]) => key !== flag),
  );
  return on ? { ...rest, [flag]: true } : rest;
}
