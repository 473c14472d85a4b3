import type { Item } from './item.ts';

const pause = 180; // ms: a word that is still being typed is not asked for

/** Finds products on the server while somebody types. What was found stays until the next answer, so that the list does not jump. */
export class Finder {
  found: readonly Item[] = [];
  /** Whether an answer is still to come. */
  busy = false;
  private text = '';
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly ask: (text: string) => Promise<readonly Item[] | undefined>, private readonly changed: () => void) {}

  search(text: string): void {
    const words = text.trim();
    if (words === this.text) return;
    this.text = words;
    this.stop();
    if (!words) this.found = [];
    this.busy = words !== '';
    if (words) this.timer = setTimeout(() => void this.look(words), pause);
  }

  /** Asks once more, because products have changed. */
  again(): void {
    if (this.text && !this.busy) void this.look(this.text);
  }

  /** Takes over what is known of a product. */
  learn(p: Item): void {
    this.found = this.found.map((q) => (q.id === p.id ? p : q));
  }

  stop(): void {
    clearTimeout(this.timer);
  }

  private async look(words: string): Promise<void> {
    const found = await this.ask(words);
    if (words !== this.text) return;
    if (found) this.found = found;
    this.busy = false;
    this.changed();
  }
}
