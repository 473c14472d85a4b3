/** What a viewer saw since the last beacon. Times are in milliseconds, of one clock. */
export class Tally {
  private watched = 0;
  private impressions: string[] = [];
  private last = NaN; // when it was looked at last
  private sights = new Map<string, number>(); // by product: for how long its card has been in sight

  /** Call this about twice a second. `playing`: the picture moves; `cards`: ids of the products that are shown. */
  look(now: number, playing: boolean, cards: readonly string[]): void {
    const passed = Math.max(0, Math.min(now - this.last, longest)) || 0; // a page that slept watched nothing
    this.last = now;
    for (const id of this.sights.keys()) if (!cards.includes(id)) this.sights.delete(id);
    if (!playing) return;
    this.watched += passed;
    for (const id of cards) {
      const was = this.sights.get(id) ?? 0;
      this.sights.set(id, was + passed);
      if (was < sight && was + passed >= sight && this.impressions.length < most) this.impressions.push(id);
    }
  }

  /** Whether there is anything to tell. */
  get empty(): boolean {
    return this.watched === 0;
  }

  /** Gives the sums and begins anew. */
  take(): { watched: number; impressions: string[] } {
    const { watched, impressions } = this;
    this.watched = 0;
    this.impressions = [];
    return { watched: Math.round(watched) / 1000, impressions };
  }
}

const longest = 2000; // ms between two looks that count
const sight = 1000; // ms until a card was seen
const most = 50; // as the server allows
