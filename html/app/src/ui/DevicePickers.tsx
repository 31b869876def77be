import { type Device, type LocalMedia, type MediaProblem, useStore } from '@otter/react';
import { useState } from 'react';
import { Camera, Mic, Play, Volume2 } from 'lucide-react';
import { t } from '../strings.js';
import styles from './DevicePickers.module.css';
import { Button } from './Button.js';
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

/** Plays a sound, fetched when it is first wanted. */
function SpeakerTest({ speakerId }: { readonly speakerId: string | null }) {
  const [playing, setPlaying] = useState(false);
  const play = async (): Promise<void> => {
    setPlaying(true);
    try {
      const { playChime } = await import('../media/chime.js');
      await playChime(speakerId);
    } catch {
      // Nothing is heard, which is what the test was for.
    } finally {
      setPlaying(false);
    }
  };
  return (
    <Button
      look="quiet"
      size="small"
      className={styles.test}
      aria-disabled={playing}
      data-testid="speaker-test"
      onClick={() => {
        if (!playing) {
          void play();
        }
      }}
    >
      <Play size={16} aria-hidden="true" />
      <span role="status">{playing ? t.prejoin.testing : t.prejoin.testSpeaker}</span>
    </Button>
  );
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
      <SpeakerTest speakerId={speakerId} />
    </div>
  );
}
