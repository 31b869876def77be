import type { Ending } from './flow/ending.js';
import { formatBytes, formatList } from './lib/format.js';
import type { MediaProblem } from './media/problem.js';
import type { Trouble } from './room/people.js';

/**
 * Every word that the page shows, in English. Another language is another object of this shape;
 * whatever joins words or counts things is a function, so that its grammar can follow.
 */

const endings: Record<Ending, { readonly title: string; readonly text: string }> = {
  left: {
    title: 'You left the call',
    text: 'Changed your mind? The room is still open for you.',
  },
  closed: {
    title: 'This room is closed',
    text: 'The call was ended for everyone. Start a new room whenever you like.',
  },
  kicked: {
    title: 'You were removed from the call',
    text: 'A moderator removed you from this room. If that was a mistake, ask them for a new invitation.',
  },
  replaced: {
    title: 'The call went on elsewhere',
    text: 'You joined this call from another tab or device, so it ended here.',
  },
  expired: {
    title: 'Your invitation has expired',
    text: 'Links that open a room last only for a while. Ask whoever invited you for a new one.',
  },
  full: {
    title: 'This room is full',
    text: 'As many people as it can hold are in it already. Try again when somebody has left.',
  },
  locked: {
    title: 'This room is locked',
    text: 'Nobody else is let in for now. Ask someone in the call to open it for you, then try again.',
  },
  refused: {
    title: 'You can’t enter this room',
    text: 'The server did not let you in. Ask whoever invited you whether the link is meant for you.',
  },
  'invalid-token': {
    title: 'This link does not open the room',
    text: 'It may be incomplete or no longer valid. Copy the whole link again, or ask for a new one.',
  },
  'invitation-needed': {
    title: 'You need an invitation',
    text: 'This room opens only with a personal link. Ask whoever is hosting the call to send you one.',
  },
  'invalid-link': {
    title: 'This link leads nowhere',
    text: 'There is no room under this address. Check that the link was copied as a whole.',
  },
  busy: {
    title: 'The server is busy',
    text: 'It can’t take you in right now. Wait a moment and try again.',
  },
  unreachable: {
    title: 'The server does not answer',
    text: 'Check your internet connection, then try again.',
  },
  lost: {
    title: 'The connection was lost',
    text: 'Several attempts to get back into the call failed. Check your internet connection, then try again.',
  },
  'too-old': {
    title: 'This browser can’t make calls',
    text: 'It lacks WebRTC. Please open the link in a current Firefox, Chrome, Edge or Safari.',
  },
};

const microphoneProblems: Record<MediaProblem, string> = {
  denied: 'The microphone is blocked for this site. Allow it in the address bar, then try again.',
  blocked:
    'Your system does not let the browser use the microphone. Allow it in the system’s privacy settings.',
  missing: 'No microphone found. Plug one in, or join and listen.',
  busy: 'The microphone does not start. Another program may be using it.',
  unavailable: 'The microphone works only on pages that are loaded over HTTPS.',
};

const cameraProblems: Record<MediaProblem, string> = {
  denied: 'The camera is blocked for this site. Allow it in the address bar, then try again.',
  blocked:
    'Your system does not let the browser use the camera. Allow it in the system’s privacy settings.',
  missing: 'No camera found. Plug one in, or join without.',
  busy: 'The camera does not start. Another program may be using it.',
  unavailable: 'The camera works only on pages that are loaded over HTTPS.',
};

const bothProblems: Record<MediaProblem, string> = {
  denied:
    'Microphone and camera are blocked for this site. Allow them in the address bar, then try again.',
  blocked:
    'Your system does not let the browser use the microphone and the camera. Allow it in the system’s privacy settings.',
  missing: 'No microphone and no camera found. Plug them in, or join to watch and listen.',
  busy: 'Microphone and camera do not start. Another program may be using them.',
  unavailable: 'Microphone and camera work only on pages that are loaded over HTTPS.',
};

const troubles: Record<Trouble, string> = {
  connecting: 'Connecting…',
  unstable: 'Unstable connection',
  failed: 'Connection lost, trying again…',
  away: 'Reconnecting…',
};

export const t = {
  brand: 'otter',
  title: (room: string | null): string => (room === null ? 'Otter' : `${room} · Otter`),
  close: 'Close',
  cancel: 'Cancel',
  tryAgain: 'Try again',
  you: 'You',
  withYou: (name: string): string => `${name} (you)`,

  crashed: {
    title: 'Something went wrong',
    text: 'The page has stumbled. Loading it again helps in most cases.',
    reload: 'Load again',
  },

  theme: {
    label: 'Theme',
    system: 'System',
    light: 'Light',
    dark: 'Dark',
    toDark: 'Switch to the dark theme',
    toLight: 'Switch to the light theme',
  },

  landing: {
    headline: 'Good calls,',
    headlineEnd: 'nothing in between.',
    lead: 'Voice and video go straight from browser to browser, encrypted end to end. No account, no download: a link is all it takes.',
    start: 'Start a call',
    or: 'or join one',
    input: 'Link or room name',
    placeholder: 'Paste a link or type a room name',
    join: 'Join',
    invited: 'Paste the link you were invited with.',
    empty: 'Paste a link or type the name of a room first.',
    invalid: 'Room names have up to 128 letters, digits, dots, dashes or underscores.',
    invalidLink: 'This does not look like a link to a room.',
    elsewhere: (host: string): string => `This link leads to another site, ${host}.`,
    goThere: 'Open it there',
    points: [
      {
        title: 'Private by design',
        text: 'The server introduces you and steps aside. It never sees or hears a call.',
      },
      {
        title: 'Opens in a browser',
        text: 'On computers, tablets and phones, with nothing to install.',
      },
      { title: 'Holds on', text: 'Calls survive flaky Wi-Fi, network changes and server updates.' },
    ],
  },

  prejoin: {
    title: 'Ready to join?',
    room: 'Room',
    name: 'Your name',
    namePlaceholder: 'How others will see you',
    nameNeeded: 'Tell the others who you are.',
    joiningAs: 'Joining as',
    join: 'Join the call',
    joinListening: 'Join without microphone and camera',
    joining: 'Joining…',
    back: 'Back',
    cameraOff: 'Your camera is off',
    cameraStarting: 'Starting the camera…',
    preview: 'Preview of your camera',
    level: 'Microphone level',
    microphoneOff: 'Your microphone is off',
    askTitle: 'Allow microphone and camera',
    askText: 'Your browser is asking. Others see and hear you only after you have joined.',
    devices: 'Devices',
  },

  devices: {
    microphone: 'Microphone',
    camera: 'Camera',
    speaker: 'Speaker',
    standard: 'System default',
    none: 'None found',
    microphoneProblems,
    cameraProblems,
    bothProblems,
  },

  controls: {
    label: 'Call controls',
    mute: 'Mute',
    unmute: 'Unmute',
    microphoneOn: 'Microphone on',
    microphoneOffState: 'Microphone off',
    cameraOff: 'Turn camera off',
    cameraOn: 'Turn camera on',
    camera: 'Camera',
    share: 'Share screen',
    stopSharing: 'Stop sharing',
    chat: 'Chat',
    people: 'People',
    leave: 'Leave',
    more: 'More',
    settings: 'Settings',
    shortcuts: 'Keyboard shortcuts',
    invite: 'Copy invite link',
    fullscreen: 'Full screen',
    exitFullscreen: 'Leave full screen',
    /** Spoken name of a button, with its key. */
    withKey: (label: string, key: string): string => `${label} (${key.toUpperCase()})`,
  },

  call: {
    someone: 'Someone',
    entered: (room: string): string => `You are in the call ${room}`,
    joined: (name: string): string => `${name} joined`,
    left: (name: string): string => `${name} left`,
    lost: (name: string): string => `The connection to ${name} is lost`,
    alone: 'You’re the first one here',
    aloneText: 'Send this link to whoever should join you.',
    alonePersonal: 'Everyone else joins with a link of their own.',
    copy: 'Copy link',
    copied: 'Copied',
    copyFailed: 'The link could not be copied. Select it and copy it by hand.',
    reconnecting: 'Reconnecting to the server…',
    reconnectingText: 'You can go on talking.',
    reconnected: 'Connected again',
    troubles,
    muted: 'Muted',
    screenOf: (name: string): string => `${name}’s screen`,
    yourScreen: 'Your screen',
    sharing: 'You are sharing your screen',
    shareProblem: 'The screen can’t be shared here.',
    pin: (name: string): string => `Show ${name} large`,
    unpin: 'Back to the grid',
    tile: (name: string): string => `Tile of ${name}`,
    tiles: 'People in the call',
    tapToHear: 'Your browser holds the sound back.',
    hear: 'Turn sound on',
    speakingMuted: 'You are muted. Press M to speak.',
    nowMuted: 'Microphone muted',
    nowUnmuted: 'Microphone on',
    cameraNowOff: 'Camera off',
    cameraNowOn: 'Camera on',
    elapsed: 'Time in the call',
    dropTitle: 'Drop to send',
    dropText: (names: readonly string[]): string =>
      names.length === 0 ? 'Nobody else is here yet' : `To ${formatList(names)}`,
  },

  people: {
    title: 'People',
    count: (here: number, most: number): string => `${here} of ${most}`,
    moderator: 'Moderator',
    direct: 'Direct',
    relayed: 'Relayed',
    directHint: 'Media goes straight to this person.',
    relayedHint: 'A firewall is in the way, so an encrypted relay passes the media on.',
    inviteTitle: 'Invite others',
    connected: 'Connected',
  },

  chat: {
    title: 'Chat',
    placeholder: 'Message everyone',
    input: 'Message',
    send: 'Send',
    attach: 'Send a file',
    empty: 'Say something nice',
    emptyText:
      'Messages and files go straight to the people who are here. Nothing is stored: they are gone when the call ends.',
    unread: (count: number): string => (count === 1 ? '1 new message' : `${count} new messages`),
    announced: (name: string, text: string): string => `${name}: ${text}`,
    log: 'Conversation',
    newest: 'Newest messages',
    failed: 'The message could not be sent.',
  },

  files: {
    nobody: 'Nobody else is here yet to receive a file.',
    offered: (name: string, file: string): string => `${name} wants to send you ${file}`,
    accept: 'Accept',
    decline: 'Decline',
    cancel: 'Cancel',
    download: 'Save',
    waiting: 'Waiting for an answer',
    progress: (done: number, total: number): string =>
      `${formatBytes(done)} of ${formatBytes(total)}`,
    sent: 'Delivered',
    received: 'Received',
    verified: 'Verified',
    verifiedHint: (hash: string): string => `Arrived unchanged. SHA-256: ${hash}`,
    cancelled: 'Cancelled',
    declined: 'Declined',
    failed: 'Failed',
    corrupted: 'Damaged on the way',
    lost: 'The connection was lost',
    to: (name: string): string => `To ${name}`,
    card: (file: string): string => `File ${file}`,
    progressOf: (file: string): string => `Progress of ${file}`,
  },

  settings: {
    title: 'Settings',
    devices: 'Microphone, camera, speaker',
    appearance: 'Appearance',
    privacy: 'Privacy',
    relay: 'Hide my network address',
    relayHint:
      'Sends everything through the relay, so that others can’t see your IP address. Takes effect when you join the next call.',
    keys: 'Single-key shortcuts',
    keysHint: 'M, V, C and the others. Switch them off if they get in your way.',
  },

  shortcuts: {
    title: 'Keyboard shortcuts',
    microphone: 'Microphone on or off',
    camera: 'Camera on or off',
    share: 'Share the screen or stop',
    chat: 'Chat',
    people: 'People',
    invite: 'Copy the invite link',
    fullscreen: 'Full screen',
    help: 'This list',
    escape: 'Close panel or dialog',
    escapeKey: 'Esc',
  },

  ended: {
    rejoin: 'Join again',
    retry: 'Try again',
    here: 'Continue here',
    copy: 'Copy the link',
    home: 'Back to the start',
    duration: (time: string): string => `The call lasted ${time}.`,
    endings,
  },
} as const;
