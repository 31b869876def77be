export interface Device {
  readonly id: string;
  readonly label: string;
}

export interface DeviceLists {
  readonly microphones: readonly Device[];
  readonly cameras: readonly Device[];
  readonly speakers: readonly Device[];
}

export const NO_DEVICES: DeviceLists = { microphones: [], cameras: [], speakers: [] };

interface Described {
  readonly kind: MediaDeviceKind;
  readonly deviceId: string;
  readonly label: string;
}

/** Browsers append the USB ids: "HD Webcam (046d:0825)". Nobody chooses by them. */
function tidy(label: string): string {
  return label.replace(/\s*\([0-9a-f]{4}:[0-9a-f]{4}\)$/i, '');
}

function pick(all: readonly Described[], kind: MediaDeviceKind): readonly Device[] {
  return all
    .filter((device) => device.kind === kind && device.deviceId !== '' && device.label !== '')
    .map((device) => ({ id: device.deviceId, label: tidy(device.label) }));
}

/** Sorts what the browser lists. Before permission it names no devices, so the lists are empty. */
export function sortDevices(all: readonly Described[]): DeviceLists {
  return {
    microphones: pick(all, 'audioinput'),
    cameras: pick(all, 'videoinput'),
    speakers: pick(all, 'audiooutput'),
  };
}
