import { Camera, Mic, Volume2 } from 'lucide-react';
import type { Device } from '../media/devices.js';
import type { LocalMedia } from '../media/local-media.js';
import { useStore } from '../lib/useStore.js';
import type { MediaProblem } from '../media/problem.js';
import { t } from '../strings.js';
import styles from './DevicePickers.module.css';
import { type Option, SelectField } from './Field.js';

/** Browsers that can't choose a speaker don't list any, or have no way to use the choice. */
function canChooseSpeaker(): boolean {
  return 'setSinkId' in HTMLMediaElement.prototype;
}

/** Until it has been allowed to use them, the browser does not name any. */
function optionsOf(devices: readonly Device[], problem: MediaProblem | null): readonly Option[] {
  return devices.length === 0
    ? [{ value: '', label: problem === 'missing' ? t.devices.none : t.devices.standard }]
    : devices.map(({ id, label }) => ({ value: id, label }));
}

function chosen(devices: readonly Device[], id: string | null): string {
  return devices.find((device) => device.id === id)?.id ?? devices[0]?.id ?? '';
}

interface DevicePickersProps {
  readonly media: LocalMedia;
}

export function DevicePickers({ media }: DevicePickersProps) {
  const { devices, microphone, camera, speakerId } = useStore(media.state);
  return (
    <div className={styles.pickers}>
      <SelectField
        label={t.devices.microphone}
        icon={<Mic size={18} aria-hidden="true" />}
        options={optionsOf(devices.microphones, microphone.problem)}
        value={chosen(devices.microphones, microphone.deviceId)}
        disabled={devices.microphones.length === 0}
        onSelect={(id) => {
          void media.select('microphone', id);
        }}
      />
      <SelectField
        label={t.devices.camera}
        icon={<Camera size={18} aria-hidden="true" />}
        options={optionsOf(devices.cameras, camera.problem)}
        value={chosen(devices.cameras, camera.deviceId)}
        disabled={devices.cameras.length === 0}
        onSelect={(id) => {
          void media.select('camera', id);
        }}
      />
      {canChooseSpeaker() && devices.speakers.length > 0 && (
        <SelectField
          label={t.devices.speaker}
          icon={<Volume2 size={18} aria-hidden="true" />}
          options={optionsOf(devices.speakers, null)}
          value={chosen(devices.speakers, speakerId)}
          onSelect={(id) => {
            media.selectSpeaker(id);
          }}
        />
      )}
    </div>
  );
}
