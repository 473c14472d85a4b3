import type { ReactiveControllerHost } from 'lit';
import type { Studio } from '../context.ts';
import type { Product } from './words.ts';

const pause = 180; // ms after the last key
const page = matchMedia('(min-width: 960px)').matches ? 30 : 8; // on a phone what comes below must be in reach

/** What products are asked for, beside the words that somebody types. */
export type Where = { readonly pool?: string; readonly seller?: string; readonly category?: string };

/** A search over products, page by page. The server looks through all of them; the page holds what it shows. */
export class Search {
  items: readonly Product[] = [];
  next: string | undefined;
  text = '';
  state: 'reading' | 'read' = 'reading';
  trouble = '';
  private asked = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly host: ReactiveControllerHost, private readonly studio: () => Studio, private readonly where: () => Where) {}

  /** Looks when somebody has stopped typing. */
  typed(text: string): void {
    this.text = text.trim();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.look(), pause);
  }

  leave(): void {
    clearTimeout(this.timer);
    this.asked++;
  }

  look(): Promise<void> {
    return this.read(undefined);
  }

  more(): Promise<void> {
    return this.next ? this.read(this.next) : Promise.resolve();
  }

  /** An answer that is late does not overwrite a newer one. */
  private async read(cursor: string | undefined): Promise<void> {
    const mine = ++this.asked;
    this.state = 'reading';
    this.host.requestUpdate();
    const { client, wrong } = this.studio();
    const { pool, seller, category } = this.where();
    const answer = await client.GET('/api/v1/products', {
      params: { query: { limit: page, ...(this.text ? { q: this.text } : {}), ...(pool ? { pool } : {}), ...(seller ? { seller } : {}), ...(category ? { category } : {}), ...(cursor ? { cursor } : {}) } },
    });
    if (mine !== this.asked) return;
    this.state = 'read';
    this.trouble = wrong(answer);
    if (answer.data) {
      this.items = [...(cursor ? this.items : []), ...(answer.data.items ?? [])];
      this.next = answer.data.next;
    }
    this.host.requestUpdate();
  }

  put(p: Product): void {
    if (!this.items.some((q) => q.id === p.id)) this.items = [p, ...this.items];
  }

  drop(id: string): void {
    this.items = this.items.filter((p) => p.id !== id);
  }
}
