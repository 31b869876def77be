import { ArrowDown, CheckCheck, MessageCircleHeart, Paperclip, SendHorizontal } from 'lucide-react';
import type { SyntheticEvent, KeyboardEvent } from 'react';
import { useLayoutEffect, useRef, useState } from 'react';
import { formatTime } from '../lib/format.js';
import { linkify } from '../lib/linkify.js';
import { continues, type Conversation, type Entry, type TextEntry } from '../room/conversation.js';
import { t } from '../strings.js';
import { IconButton } from '../ui/Button.js';
import { classes } from '../ui/classes.js';
import styles from './ChatPanel.module.css';
import { FileCard } from './FileCard.js';
import { Panel } from './Panel.js';

interface ChatPanelProps {
  readonly conversation: Conversation;
  /** Names of those who have read each message last, by its id. */
  readonly readBy: ReadonlyMap<string, readonly string[]>;
  readonly onSend: (text: string) => boolean;
  readonly onFiles: (files: readonly File[]) => void;
  readonly onClose: () => void;
}

function Text({ entry }: { readonly entry: TextEntry }) {
  return (
    <p className={styles.text} data-testid="chat-message">
      {linkify(entry.text).map((piece, index) =>
        piece.kind === 'link' ? (
          <a key={index} href={piece.href} target="_blank" rel="noopener noreferrer nofollow">
            {piece.text}
          </a>
        ) : (
          piece.text
        ),
      )}
    </p>
  );
}

interface LineProps {
  readonly entry: Entry;
  readonly before: Entry | undefined;
  readonly readers: readonly string[];
}

function Line({ entry, before, readers }: LineProps) {
  const first = !continues(before, entry);
  return (
    <li className={classes(styles.line, entry.own && styles.own, first && styles.first)}>
      {first && (
        <p className={styles.head}>
          <strong>{entry.own ? t.you : entry.name}</strong>
          <time dateTime={new Date(entry.at).toISOString()}>
            {formatTime(entry.at, t.language)}
          </time>
        </p>
      )}
      {entry.kind === 'text' ? <Text entry={entry} /> : <FileCard entry={entry} />}
      {readers.length > 0 && (
        <p className={styles.read} data-testid="read-by">
          <CheckCheck size={14} aria-hidden="true" />
          {t.chat.readBy(readers)}
        </p>
      )}
    </li>
  );
}

const NOBODY: readonly string[] = [];

/** How far from the end someone may be and still be taken along by new messages. */
const NEAR_PX = 80;

/** Keeps the end in view, unless the reader has scrolled back to read. */
function useFollow(count: number, ownLast: boolean) {
  const ref = useRef<HTMLDivElement>(null);
  const near = useRef(true);
  const [behind, setBehind] = useState(false);

  const toEnd = (): void => {
    const list = ref.current;
    list?.scrollTo({ top: list.scrollHeight });
    setBehind(false);
  };

  useLayoutEffect(() => {
    if (near.current || ownLast) {
      const list = ref.current;
      list?.scrollTo({ top: list.scrollHeight });
    } else {
      setBehind(true);
    }
  }, [count, ownLast]);

  const onScroll = (): void => {
    const list = ref.current;
    if (list !== null) {
      near.current = list.scrollHeight - list.scrollTop - list.clientHeight < NEAR_PX;
      if (near.current) {
        setBehind(false);
      }
    }
  };
  return { ref, behind, toEnd, onScroll };
}

export function ChatPanel({ conversation, readBy, onSend, onFiles, onClose }: ChatPanelProps) {
  const { entries } = conversation;
  const [draft, setDraft] = useState('');
  const picker = useRef<HTMLInputElement>(null);
  const { ref, behind, toEnd, onScroll } = useFollow(entries.length, entries.at(-1)?.own === true);

  const send = (): void => {
    const text = draft.trim();
    if (text !== '' && onSend(text)) {
      setDraft('');
    }
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    // Enter also ends the composition of a Chinese or Japanese word: that one is not for sending.
    if (event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing) {
      event.preventDefault();
      send();
    }
  };

  return (
    <Panel title={t.chat.title} testId="chat-panel" onClose={onClose}>
      <div className={styles.scroll} ref={ref} onScroll={onScroll} tabIndex={-1}>
        {entries.length === 0 ? (
          <div className={styles.empty}>
            <MessageCircleHeart size={36} strokeWidth={1.5} aria-hidden="true" />
            <h3>{t.chat.empty}</h3>
            <p>{t.chat.emptyText}</p>
          </div>
        ) : (
          <ol className={styles.log} aria-label={t.chat.log}>
            {entries.map((entry, index) => (
              <Line
                key={entry.id}
                entry={entry}
                before={entries[index - 1]}
                readers={readBy.get(entry.id) ?? NOBODY}
              />
            ))}
          </ol>
        )}
      </div>
      {behind && (
        <button type="button" className={styles.newest} onClick={toEnd}>
          <ArrowDown size={16} />
          {t.chat.newest}
        </button>
      )}
      <form
        className={styles.form}
        onSubmit={(event: SyntheticEvent) => {
          event.preventDefault();
          send();
        }}
      >
        <input
          ref={picker}
          type="file"
          multiple
          hidden
          data-testid="file-input"
          onChange={(event) => {
            onFiles([...(event.target.files ?? [])]);
            event.target.value = '';
          }}
        />
        <IconButton label={t.chat.attach} onClick={() => picker.current?.click()}>
          <Paperclip size={20} />
        </IconButton>
        <textarea
          rows={Math.min(5, draft.split('\n').length)}
          aria-label={t.chat.input}
          placeholder={t.chat.placeholder}
          value={draft}
          maxLength={4000}
          data-autofocus
          data-testid="chat-input"
          onChange={(event) => {
            setDraft(event.target.value);
          }}
          onKeyDown={onKeyDown}
        />
        <IconButton
          label={t.chat.send}
          type="submit"
          className={styles.send}
          disabled={draft.trim() === ''}
          data-testid="chat-send"
        >
          <SendHorizontal size={20} className="forward" />
        </IconButton>
      </form>
    </Panel>
  );
}
