import { useState } from 'react';
import type { Command } from '../lib/shortcuts.js';
import { useCopied } from '../lib/useCopied.js';
import { useFullscreen } from '../lib/useFullscreen.js';
import { useShortcuts } from '../lib/useShortcuts.js';
import { useStore } from '../lib/useStore.js';
import type { Kind, LocalMedia } from '../media/local-media.js';
import { canShareScreen } from '../room/screen-share.js';
import type { Call } from '../room/useCall.js';
import { t } from '../strings.js';
import type { PanelName } from './Controls.js';

export type DialogName = 'settings' | 'shortcuts';

export interface CallCommands {
  /** What each key, button and menu item does. */
  readonly run: Readonly<Record<Command, () => void>>;
  readonly panel: PanelName | null;
  readonly setPanel: (panel: PanelName | null) => void;
  readonly dialog: DialogName | null;
  readonly setDialog: (dialog: DialogName | null) => void;
  readonly copied: boolean;
  readonly fullscreen: boolean;
  readonly canFullscreen: boolean;
}

/** Switches a source and says so, or says why not. */
function useToggle({ store }: Call, media: LocalMedia): (kind: Kind) => void {
  const words = {
    microphone: { on: t.call.nowUnmuted, off: t.call.nowMuted, ...t.devices.microphoneProblems },
    camera: { on: t.call.cameraNowOn, off: t.call.cameraNowOff, ...t.devices.cameraProblems },
  } as const;
  return (kind) => {
    const before = media.state.get()[kind];
    const on = !(before.on && before.track !== null);
    void media.toggle(kind, on).then(() => {
      const { problem } = media.state.get()[kind];
      if (on && problem !== null) {
        store.notify('trouble', words[kind][problem]);
      } else {
        store.announce(words[kind][on ? 'on' : 'off']);
      }
    });
  };
}

/** Everything that a person can do during a call, whichever way they ask for it. */
export function useCommands(
  call: Call,
  media: LocalMedia,
  inviteLink: string | null,
): CallCommands {
  const { store, share } = call;
  const sharing = useStore(share.stream) !== null;
  const [panel, setPanel] = useState<PanelName | null>(null);
  const [dialog, setDialog] = useState<DialogName | null>(null);
  const [fullscreen, toggleFullscreen] = useFullscreen();
  const toggle = useToggle(call, media);
  const [copied, copy] = useCopied(inviteLink, () => {
    store.notify('trouble', t.call.copyFailed);
  });

  const startSharing = async (): Promise<void> => {
    const problem = await share.start();
    if (problem !== null && problem !== 'dismissed') {
      store.notify('trouble', t.call.shareProblem);
    }
  };
  const togglePanel = (name: PanelName): void => {
    setPanel(panel === name ? null : name);
  };

  const run: Readonly<Record<Command, () => void>> = {
    microphone: () => {
      toggle('microphone');
    },
    camera: () => {
      toggle('camera');
    },
    share: () => {
      if (sharing) {
        share.stop();
      } else if (canShareScreen()) {
        void startSharing();
      }
    },
    chat: () => {
      togglePanel('chat');
    },
    people: () => {
      togglePanel('people');
    },
    invite: copy,
    fullscreen: () => toggleFullscreen?.(),
    help: () => {
      setDialog('shortcuts');
    },
  };

  useShortcuts(
    (command) => {
      run[command]();
    },
    () => {
      setPanel(null);
    },
  );

  return {
    run,
    panel,
    setPanel,
    dialog,
    setDialog,
    copied,
    fullscreen,
    canFullscreen: toggleFullscreen !== null,
  };
}
