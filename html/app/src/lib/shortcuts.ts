/** What a key does during a call. */
export type Command =
  | 'microphone'
  | 'camera'
  | 'share'
  | 'hand'
  | 'react'
  | 'chat'
  | 'people'
  | 'invite'
  | 'layout'
  | 'fullscreen'
  | 'help';

export const KEYS: Readonly<Record<Command, string>> = {
  microphone: 'm',
  camera: 'v',
  share: 's',
  hand: 'h',
  react: 'r',
  chat: 'c',
  people: 'p',
  invite: 'i',
  layout: 'l',
  fullscreen: 'f',
  help: '?',
};

const BY_KEY = new Map(Object.entries(KEYS).map(([command, key]) => [key, command as Command]));

interface Pressed {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly repeat: boolean;
}

/** The command of a key press; modified and held keys belong to the browser. */
export function commandOf(event: Pressed): Command | null {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) {
    return null;
  }
  return BY_KEY.get(event.key.toLowerCase()) ?? null;
}

/** Whether the element takes text, so that letters typed there are no commands. */
export function takesText(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(input|textarea|select)$/i.test(target.tagName))
  );
}
