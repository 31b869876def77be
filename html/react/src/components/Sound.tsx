import type { Person } from '../room/people.js';
import { useEffect, useRef } from 'react';

interface VoiceProps {
  readonly stream: MediaStream;
  /** From 0 to 1. */
  readonly volume: number;
  readonly speakerId: string | null;
  /** Counts up when the person has asked for sound that the browser held back. */
  readonly attempt: number;
  readonly onBlocked: () => void;
}

interface Sink {
  setSinkId?: (id: string) => Promise<void>;
}

function Voice({ stream, volume, speakerId, attempt, onBlocked }: VoiceProps) {
  const ref = useRef<HTMLAudioElement>(null);

  useEffect(() => {
    const audio = ref.current;
    if (audio === null) {
      return;
    }
    audio.srcObject = stream;
    return () => {
      audio.srcObject = null;
    };
  }, [stream]);

  useEffect(() => {
    if (ref.current !== null) {
      ref.current.volume = volume;
    }
  }, [volume]);

  useEffect(() => {
    ref.current?.play().catch((error: unknown) => {
      // Anything else is a change of stream under way.
      if (error instanceof DOMException && error.name === 'NotAllowedError') {
        onBlocked();
      }
    });
  }, [stream, attempt, onBlocked]);

  useEffect(() => {
    const sink: Sink | null = ref.current;
    // A speaker that has gone leaves the standard one.
    sink?.setSinkId?.(speakerId ?? '').catch(() => undefined);
  }, [speakerId]);

  return <audio ref={ref} autoPlay />;
}

export interface SoundProps {
  readonly people: readonly Person[];
  /** How loud each person is, from 0 to 1, by key; 1 for whoever is not in it. */
  readonly volumes?: ReadonlyMap<string, number>;
  readonly speakerId: string | null;
  readonly attempt: number;
  readonly onBlocked: () => void;
}

/** Everything that is heard. Kept apart from the tiles, so that no change of layout interrupts it. */
export function Sound({ people, volumes, ...rest }: SoundProps) {
  return (
    <div hidden data-testid="sound">
      {people.flatMap((person) => [
        person.microphone !== null && (
          <Voice
            key={`${person.key}/microphone`}
            stream={person.microphone}
            volume={volumes?.get(person.key) ?? 1}
            {...rest}
          />
        ),
        person.screenAudio !== null && (
          <Voice
            key={`${person.key}/screen`}
            stream={person.screenAudio}
            volume={volumes?.get(person.key) ?? 1}
            {...rest}
          />
        ),
      ])}
    </div>
  );
}
