import { Store } from '@otter/react';
import { remembered } from './storage.js';

/** A yes or no that is remembered, and that every part of the page sees change. */
export class Setting {
  readonly value: Store<boolean>;
  readonly #key: string;

  constructor(key: string, standard: boolean) {
    const kept = remembered.get(key);
    this.#key = key;
    this.value = new Store(kept === null ? standard : kept === 'yes');
  }

  readonly set = (on: boolean): void => {
    remembered.set(this.#key, on ? 'yes' : 'no');
    this.value.set(on);
  };
}

export const relaySetting = new Setting('relay', false);
export const keysSetting = new Setting('keys', true);
/** The background of the camera's picture, where the camera or the system can blur it. */
export const blurSetting = new Setting('blur', false);
export const noiseSetting = new Setting('noise', true);
/** While muted, the space bar lets one be heard for as long as it is held. */
export const talkSetting = new Setting('talk', true);
