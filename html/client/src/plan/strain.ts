/** Readings in a row before more is taken away. */
const RISE_AFTER = 2;

/** Good readings before something is given back: at first, and at most. */
const CALM = 5;
const MAX_CALM = 40;

const MAX = 4;

/**
 * How far something is overloaded, from 0 to 4, out of readings that are bad or good. Giving back
 * what proves too much again takes twice as long the next time, so that a picture does not come and
 * go.
 */
export class Strain {
  #level = 0;
  #bad = 0;
  #good = 0;
  #calm = CALM;
  /** Good readings since something was given back; null: nothing was. */
  #sinceBack: number | null = null;

  get level(): number {
    return this.#level;
  }

  /** Takes a reading; true when the level has changed. */
  take(bad: boolean): boolean {
    if (bad) {
      this.#good = 0;
      this.#bad++;
      if (this.#bad < RISE_AFTER || this.#level === MAX) {
        return false;
      }
      this.#bad = 0;
      if (this.#sinceBack !== null && this.#sinceBack < this.#calm) {
        this.#calm = Math.min(MAX_CALM, this.#calm * 2);
      }
      this.#sinceBack = null;
      this.#level++;
      return true;
    }
    this.#bad = 0;
    this.#good++;
    if (this.#sinceBack !== null && ++this.#sinceBack >= this.#calm) {
      this.#calm = CALM;
      this.#sinceBack = null;
    }
    if (this.#level === 0 || this.#good < this.#calm) {
      return false;
    }
    this.#good = 0;
    this.#level--;
    this.#sinceBack = 0;
    return true;
  }
}
