/**
 * Defines `<otter-call>`.
 *
 * @packageDocumentation
 */
import { OtterCallElement } from './element.js';

// The script lies in sdk/ below the place where Otter is mounted.
OtterCallElement.defaultServer = new URL('..', import.meta.url).href;

if (customElements.get('otter-call') === undefined) {
  customElements.define('otter-call', OtterCallElement);
}

export { OtterCallElement, type OtterCallEvents } from './element.js';
export type { EmbeddedPeer, EmbeddedTheme } from './protocol.js';
