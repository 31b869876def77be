import { useCallback, useEffect, useRef, useState } from 'react';
import { saveBlob } from '../lib/save.js';
import type { Recorder, Scene } from './recorder.js';

export interface Recording {
  readonly on: boolean;
  readonly toggle: () => void;
}

interface Told {
  readonly begun: () => void;
  readonly ended: () => void;
  readonly saved: () => void;
  readonly failed: () => void;
}

function nameOf(room: string, type: string): string {
  const day = new Date().toISOString().slice(0, 16).replaceAll(':', '-');
  return `${room}-${day}.${type.includes('mp4') ? 'mp4' : 'webm'}`;
}

/** Records while it is on; the file is saved when it ends, also with the call. */
export function useRecording(
  room: string,
  scenes: readonly Scene[],
  voices: readonly MediaStream[],
  told: Told,
): Recording {
  const [recorder, setRecorder] = useState<Recorder | null>(null);
  const latest = useRef({ told, scenes, voices });

  useEffect(() => {
    latest.current = { told, scenes, voices };
    recorder?.update(scenes, voices);
  });

  const save = useCallback(
    (ended: Recorder) => {
      ended.stop().then(
        (file) => {
          saveBlob(file, nameOf(room, file.type));
          latest.current.told.saved();
        },
        () => {
          latest.current.told.failed();
        },
      );
    },
    [room],
  );

  useEffect(() => {
    if (recorder === null) {
      return;
    }
    return () => {
      latest.current.told.ended();
      save(recorder);
    };
  }, [recorder, save]);

  const toggle = useCallback(() => {
    if (recorder !== null) {
      setRecorder(null);
      return;
    }
    import('./recorder.js').then(
      ({ Recorder: Made, canRecord }) => {
        if (!canRecord()) {
          latest.current.told.failed();
          return;
        }
        setRecorder(new Made());
        latest.current.told.begun();
      },
      () => {
        latest.current.told.failed();
      },
    );
  }, [recorder]);

  return { on: recorder !== null, toggle };
}
