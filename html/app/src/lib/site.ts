import type { AppConfig } from '../config.js';

let logo: string | null = null;

/** The picture that stands for the site; null: the otter. */
export function siteLogo(): string | null {
  return logo;
}

/** Dresses the page as the site wants it, before it is first shown. */
export function dressPage(config: AppConfig, document: Document): void {
  logo = config.logo;
  if (config.stylesheet !== null) {
    const link = document.createElement('link');
    link.rel = 'stylesheet';
    link.href = config.stylesheet;
    document.head.append(link);
  }
}
