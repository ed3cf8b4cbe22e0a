/**
 * Keeps one space's news in order. Knows numbers only: no page, no socket.
 *
 * Every event has a number one higher than the one before. What comes in order is applied at
 * once; after a hole, and whenever there is reason for doubt, the server is asked what came
 * after the last number applied. Doubles and stragglers are harmless.
 */

const GAP_MS = 400; // two answers can overtake each other by a little; a hole lasts

export class Line {
  /**
   * @param {object} how
   * @param {number} how.last the number up to which the page is fresh
   * @param {number} how.generation the access generation in which the page was made
   * @param {(after: number) => Promise<{events: object[], next: number, head: number,
   *   generation: number, reset: boolean}>} how.fetch asks the server what came after a number
   * @param {(event: object, caughtUp: boolean) => boolean} how.apply shows one event; false if it
   *   can't be shown as it is, and must be asked for
   * @param {() => Promise<{last: number, generation: number}>} how.reset makes the page anew
   */
  constructor({ last, generation, fetch, apply, reset }) {
    this.last = last;
    this.generation = generation;
    this.fetch = fetch;
    this.apply = apply;
    this.reset = reset;
    this.known = last;
    this.waiting = new Map();
    this.running = null;
    this.again = false;
    this.gap = 0;
  }

  /** Take in an event that was pushed. */
  take(event) {
    if (event.seq <= this.last) return;
    this.waiting.set(event.seq, event);
    if (!this.running) this.#drain();
  }

  /** Hear where the server's line ends; ask if ours ends before. */
  hear(seq, patience = GAP_MS) {
    this.known = Math.max(this.known, seq);
    if (seq > this.last && !this.running) this.#doubt(patience);
    else if (seq < this.last && !this.running) this.sync().catch(() => {}); // a database brought back: reset
  }

  /** Ask what came since, again and again until nothing is left. One asking at a time. */
  sync() {
    if (this.running) {
      this.again = true;
      return this.running;
    }
    const done = () => {
      this.running = null;
    };
    this.running = this.#ask().finally(done);
    this.running.then(() => this.#drain(), () => {});
    return this.running;
  }

  async #ask() {
    let answer;
    do {
      this.again = false;
      answer = await this.fetch(this.last);
      if (answer.reset) {
        const fresh = await this.reset();
        this.last = fresh.last;
        this.known = fresh.last;
        this.generation = fresh.generation;
        this.again = true;
        continue;
      }
      for (const event of answer.events) this.apply(event, true);
      this.last = Math.max(this.last, answer.next);
      this.generation = answer.generation;
    } while (this.again || this.last < answer.head);
    this.#forgetOld();
  }

  #drain() {
    this.#forgetOld();
    for (let next = this.last + 1; this.waiting.has(next); next += 1) {
      const event = this.waiting.get(next);
      if (!this.apply(event, false)) {
        this.sync().catch(() => {});
        return;
      }
      this.waiting.delete(next);
      this.last = next;
    }
    if (this.waiting.size > 0) this.#doubt(GAP_MS);
    else this.#trust();
  }

  #forgetOld() {
    for (const seq of this.waiting.keys()) if (seq <= this.last) this.waiting.delete(seq);
  }

  #doubt(patience) {
    if (this.gap) return;
    this.gap = setTimeout(() => {
      this.gap = 0;
      if (this.known > this.last || this.waiting.size > 0) this.sync().catch(() => {});
    }, patience);
  }

  #trust() {
    clearTimeout(this.gap);
    this.gap = 0;
  }
}
