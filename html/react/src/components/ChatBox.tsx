import { OtterError } from '@otter/client';
import { useEffect, useRef, useState } from 'react';
import { useChat } from '../room/hooks.js';
import { ENGLISH, type Labels } from './labels.js';

export interface ChatBoxProps {
  readonly labels?: Labels;
}

/** The conversation, and a line to write. */
export function ChatBox({ labels = ENGLISH }: ChatBoxProps) {
  const { lines, send } = useChat();
  const [text, setText] = useState('');
  const [problem, setProblem] = useState('');
  const end = useRef<HTMLLIElement>(null);

  useEffect(() => {
    end.current?.scrollIntoView({ block: 'nearest' });
  }, [lines]);

  const submit = (): void => {
    try {
      send(text.trim());
      setText('');
      setProblem('');
    } catch (error) {
      setProblem(error instanceof OtterError ? error.message : String(error));
    }
  };

  return (
    <section className="otter-chat" aria-label={labels.chat}>
      <ol className="otter-lines" role="log" tabIndex={0} aria-label={labels.chat}>
        {lines.map((line) => (
          <li key={`${line.from}/${line.id}`} className="otter-line" data-own={line.own} ref={end}>
            <b>{line.name}</b> <span>{line.text}</span>
          </li>
        ))}
      </ol>
      <form
        className="otter-write"
        onSubmit={(event) => {
          event.preventDefault();
          if (text.trim() !== '') {
            submit();
          }
        }}
      >
        <input
          aria-label={labels.write}
          placeholder={labels.write}
          value={text}
          onChange={(event) => {
            setText(event.target.value);
          }}
        />
        <button type="submit" className="otter-button">
          {labels.send}
        </button>
      </form>
      {problem !== '' && <p role="alert">{problem}</p>}
    </section>
  );
}
