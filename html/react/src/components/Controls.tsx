import type { LocalMediaControl } from '../media/useLocalMedia.js';
import { useScreenShare } from '../room/hooks.js';
import { ENGLISH, type Labels } from './labels.js';

export interface ControlsProps {
  readonly local: LocalMediaControl;
  readonly onLeave: () => void;
  readonly labels?: Labels;
}

/** Microphone, camera, screen and the way out. */
export function Controls({ local, onLeave, labels = ENGLISH }: ControlsProps) {
  const screen = useScreenShare();
  const { microphone, camera, setOn } = local;
  return (
    <div className="otter-controls" role="toolbar" aria-label={labels.controls}>
      <button
        type="button"
        className="otter-button"
        data-on={microphone.on}
        onClick={() => {
          setOn('microphone', !microphone.on);
        }}
      >
        {microphone.on ? labels.mute : labels.unmute}
      </button>
      <button
        type="button"
        className="otter-button"
        data-on={camera.on}
        onClick={() => {
          setOn('camera', !camera.on);
        }}
      >
        {camera.on ? labels.stopCamera : labels.startCamera}
      </button>
      {screen.supported && (
        <button
          type="button"
          className="otter-button"
          data-on={screen.stream !== null}
          onClick={() => {
            if (screen.stream === null) {
              void screen.start();
            } else {
              screen.stop();
            }
          }}
        >
          {screen.stream === null ? labels.startScreen : labels.stopScreen}
        </button>
      )}
      <button type="button" className="otter-button otter-leave" onClick={onLeave}>
        {labels.leave}
      </button>
    </div>
  );
}
