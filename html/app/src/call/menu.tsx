import {
  Activity,
  CircleDot,
  CircleStop,
  DoorClosed,
  Hand,
  Keyboard,
  LayoutGrid,
  Link,
  Maximize,
  Minimize,
  PictureInPicture2,
  RectangleHorizontal,
  Settings,
  Smile,
  Users,
} from 'lucide-react';
import type { ReactNode } from 'react';
import { type Command, KEYS } from '../lib/shortcuts.js';
import { t } from '../strings.js';
import type { MenuItem } from '../ui/Menu.js';
import type { CallCommands } from './useCommands.js';

export interface MenuState {
  readonly canInvite: boolean;
  readonly narrow: boolean;
  readonly handUp: boolean;
  readonly speakerView: boolean;
  readonly pipOpen: boolean;
  /** Null where the browser can't. */
  readonly onPip: (() => void) | null;
  readonly recording: boolean;
  readonly onRecord: () => void;
  readonly moderates: boolean;
}

function byKey(
  command: Command,
  label: string,
  icon: ReactNode,
  { run }: Pick<CallCommands, 'run'>,
): MenuItem {
  const hint = KEYS[command].toUpperCase();
  return { id: command, label, icon, hint, onSelect: run[command] };
}

/** What the "More" menu offers, leaving out what this browser or this server can't do. */
export function menuItems(commands: CallCommands, state: MenuState): readonly MenuItem[] {
  const { fullscreen, canFullscreen, setDialog } = commands;
  const { canInvite, narrow, handUp, speakerView, pipOpen, onPip, recording, moderates } = state;
  const items: readonly (MenuItem | false)[] = [
    canInvite && byKey('invite', t.controls.invite, <Link size={18} />, commands),
    byKey('people', t.controls.people, <Users size={18} />, commands),
    narrow &&
      byKey('hand', handUp ? t.controls.lowerHand : t.controls.hand, <Hand size={18} />, commands),
    narrow && byKey('react', t.controls.react, <Smile size={18} />, commands),
    byKey(
      'layout',
      speakerView ? t.controls.layoutGrid : t.controls.layout,
      speakerView ? <LayoutGrid size={18} /> : <RectangleHorizontal size={18} />,
      commands,
    ),
    onPip !== null && {
      id: 'pip',
      label: pipOpen ? t.controls.endPip : t.controls.pip,
      icon: <PictureInPicture2 size={18} />,
      onSelect: onPip,
    },
    {
      id: 'record',
      label: recording ? t.controls.endRecord : t.controls.record,
      icon: recording ? <CircleStop size={18} /> : <CircleDot size={18} />,
      onSelect: state.onRecord,
    },
    {
      id: 'details',
      label: t.controls.details,
      icon: <Activity size={18} />,
      onSelect: () => {
        setDialog('details');
      },
    },
    canFullscreen &&
      byKey(
        'fullscreen',
        fullscreen ? t.controls.exitFullscreen : t.controls.fullscreen,
        fullscreen ? <Minimize size={18} /> : <Maximize size={18} />,
        commands,
      ),
    {
      ...byKey('help', t.controls.shortcuts, <Keyboard size={18} />, commands),
      id: 'shortcuts',
    },
    {
      id: 'settings',
      label: t.controls.settings,
      icon: <Settings size={18} />,
      onSelect: () => {
        setDialog('settings');
      },
    },
    moderates && {
      id: 'end-all',
      label: t.controls.endAll,
      icon: <DoorClosed size={18} />,
      onSelect: () => {
        setDialog('end-all');
      },
    },
  ];
  return items.filter((item) => item !== false);
}
