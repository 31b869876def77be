import type { ReactNode } from 'react';
import { useLayoutEffect, useRef } from 'react';
import styles from './Menu.module.css';

export interface MenuItem {
  readonly id: string;
  readonly label: string;
  readonly icon: ReactNode;
  readonly hint?: string;
  readonly onSelect: () => void;
}

interface MenuProps {
  readonly label: string;
  readonly items: readonly MenuItem[];
  readonly onClose: () => void;
}

/** A menu over the button that opened it, by the keyboard pattern of the ARIA practices. */
export function Menu({ label, items, onClose }: MenuProps) {
  const ref = useRef<HTMLDivElement>(null);

  // A layout effect, since its end comes while the menu still has the focus to give back.
  useLayoutEffect(() => {
    const menu = ref.current;
    const opener = document.activeElement;
    menu?.querySelector<HTMLElement>('[role=menuitem]')?.focus();
    const outside = (event: PointerEvent): void => {
      // The opener closes the menu by itself: closing here too would open it again.
      if (event.target instanceof Node && menu?.parentElement?.contains(event.target) !== true) {
        onClose();
      }
    };
    document.addEventListener('pointerdown', outside);
    return () => {
      document.removeEventListener('pointerdown', outside);
      if (opener instanceof HTMLElement && menu?.contains(document.activeElement) === true) {
        opener.focus();
      }
    };
  }, [onClose]);

  const move = (offset: number, from: 'here' | 'start'): void => {
    const all = [...(ref.current?.querySelectorAll<HTMLElement>('[role=menuitem]') ?? [])];
    const here = from === 'start' ? 0 : all.findIndex((item) => item === document.activeElement);
    all[(here + offset + all.length) % all.length]?.focus();
  };

  return (
    <div
      ref={ref}
      role="menu"
      tabIndex={-1}
      aria-label={label}
      className={styles.menu}
      onKeyDown={(event) => {
        const action: Partial<Record<string, () => void>> = {
          ArrowDown: () => {
            move(1, 'here');
          },
          ArrowUp: () => {
            move(-1, 'here');
          },
          Home: () => {
            move(0, 'start');
          },
          End: () => {
            move(-1, 'start');
          },
          Escape: onClose,
          Tab: onClose,
        };
        const act = action[event.key];
        if (act !== undefined) {
          event.preventDefault();
          event.stopPropagation();
          act();
        }
      }}
    >
      {items.map((item) => (
        <button
          key={item.id}
          type="button"
          role="menuitem"
          tabIndex={-1}
          data-testid={`menu-${item.id}`}
          onClick={() => {
            onClose();
            item.onSelect();
          }}
        >
          {item.icon}
          <span>{item.label}</span>
          {item.hint !== undefined && <kbd>{item.hint}</kbd>}
        </button>
      ))}
    </div>
  );
}
