import { canShareScreen, type Kind, type LocalMedia, useStore } from '@otter/react';
import { useState } from 'react';
import type { Command } from '../lib/shortcuts.js';
import { useCopied } from '../lib/useCopied.js';
import { useFullscreen } from '../lib/useFullscreen.js';
import { useShortcuts } from '../lib/useShortcuts.js';
import type { Call } from '../room/useCall.js';
import { t } from '../strings.js';
import type { PanelName } from './Controls.js';
import { type Layout, useLayout } from './useLayout.js';

export type DialogName = 'settings' | 'shortcuts' | 'invite' | 'details' | 'end-all';

export interface CallCommands {
  /** What each key, button and menu item does. */
  readonly run: Readonly<Record<Command, () => void>>;
  readonly panel: PanelName | null;
  readonly setPanel: (panel: PanelName | null) => void;
  readonly dialog: DialogName | null;
  readonly setDialog: (dialog: DialogName | null) => void;
  readonly copied: boolean;
  readonly copyLink: () => void;
  readonly layout: Layout;
  /** The row of reactions is open. */
  readonly reacting: boolean;
  readonly setReacting: (open: boolean) => void;
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
  const [reacting, setReacting] = useState(false);
  const [layout, toggleLayout] = useLayout();
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
    hand: () => {
      store.raiseHand(!store.view.get().handUp);
    },
    react: () => {
      setReacting(!reacting);
    },
    invite: () => {
      if (inviteLink !== null) {
        setDialog('invite');
      }
    },
    layout: () => {
      store.announce(toggleLayout() === 'grid' ? t.call.gridNow : t.call.speakerNow);
    },
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
      if (reacting) {
        setReacting(false);
      } else {
        setPanel(null);
      }
    },
  );

  return {
    run,
    panel,
    setPanel,
    dialog,
    setDialog,
    copied,
    copyLink: copy,
    layout,
    reacting,
    setReacting,
    fullscreen,
    canFullscreen: toggleFullscreen !== null,
  };
}
