import { Keyboard, Link, Maximize, Minimize, Settings, Users } from 'lucide-react';
import { KEYS } from '../lib/shortcuts.js';
import { t } from '../strings.js';
import type { MenuItem } from '../ui/Menu.js';
import type { CallCommands } from './useCommands.js';

/** What the "More" menu offers, leaving out what this browser or this server can't do. */
export function menuItems(commands: CallCommands, canInvite: boolean): readonly MenuItem[] {
  const { run, fullscreen, canFullscreen, setDialog } = commands;
  const items: readonly (MenuItem | null)[] = [
    canInvite
      ? {
          id: 'invite',
          label: t.controls.invite,
          icon: <Link size={18} />,
          hint: KEYS.invite.toUpperCase(),
          onSelect: run.invite,
        }
      : null,
    {
      id: 'people',
      label: t.controls.people,
      icon: <Users size={18} />,
      hint: KEYS.people.toUpperCase(),
      onSelect: run.people,
    },
    canFullscreen
      ? {
          id: 'fullscreen',
          label: fullscreen ? t.controls.exitFullscreen : t.controls.fullscreen,
          icon: fullscreen ? <Minimize size={18} /> : <Maximize size={18} />,
          hint: KEYS.fullscreen.toUpperCase(),
          onSelect: run.fullscreen,
        }
      : null,
    {
      id: 'shortcuts',
      label: t.controls.shortcuts,
      icon: <Keyboard size={18} />,
      hint: KEYS.help,
      onSelect: run.help,
    },
    {
      id: 'settings',
      label: t.controls.settings,
      icon: <Settings size={18} />,
      onSelect: () => {
        setDialog('settings');
      },
    },
  ];
  return items.filter((item) => item !== null);
}
