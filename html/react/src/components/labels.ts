/** The words of the components; a site in another language gives its own. */
export interface Labels {
  readonly you: string;
  readonly muted: string;
  readonly screenOf: (name: string) => string;
  readonly mute: string;
  readonly unmute: string;
  readonly startCamera: string;
  readonly stopCamera: string;
  readonly startScreen: string;
  readonly stopScreen: string;
  readonly leave: string;
  readonly people: string;
  readonly controls: string;
  readonly chat: string;
  readonly write: string;
  readonly send: string;
  readonly reconnecting: string;
  readonly connecting: string;
  readonly waiting: string;
  readonly failed: string;
  readonly closed: string;
  readonly troubles: Readonly<Record<'connecting' | 'unstable' | 'failed' | 'away', string>>;
}

export const ENGLISH: Labels = {
  you: 'You',
  muted: 'muted',
  screenOf: (name) => `${name}’s screen`,
  mute: 'Mute',
  unmute: 'Unmute',
  startCamera: 'Start camera',
  stopCamera: 'Stop camera',
  startScreen: 'Share screen',
  stopScreen: 'Stop sharing',
  leave: 'Leave',
  people: 'In this call',
  controls: 'Your call',
  chat: 'Chat',
  write: 'Write to everyone',
  send: 'Send',
  reconnecting: 'Reconnecting…',
  connecting: 'Connecting…',
  waiting: 'Somebody will let you in.',
  failed: 'Could not join.',
  closed: 'The call is over.',
  troubles: {
    connecting: 'Connecting…',
    unstable: 'Unstable connection',
    failed: 'No connection',
    away: 'Away',
  },
};
