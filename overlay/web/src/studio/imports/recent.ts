import type { ReactiveControllerHost } from 'lit';
import type { Answer } from '../context.ts';

interface Page<T> extends Answer {
  readonly data?: { readonly items: readonly T[] | null; readonly next?: string };
}

/** A list, the latest first, that is looked at again and again: what is there already is renewed in its place, and what is new comes in front. */
export class Recent<T extends { readonly id: string }> {
  items: readonly T[] = [];
  next: string | undefined;
  read = false;
  /** What kept the server from answering. */
  failed: Answer | undefined;
  private whole = false; // later pages were read

  constructor(private readonly host: ReactiveControllerHost, private readonly page: (cursor: string | undefined) => Promise<Page<T>>, private readonly latest: boolean) {}

  async look(): Promise<void> {
    const answer = await this.page(undefined);
    this.failed = answer.data ? undefined : answer;
    if (answer.data) {
      const found = answer.data.items ?? [];
      const later = this.whole ? this.items.slice(this.items.findIndex((i) => i.id === found.at(-1)?.id) + 1) : [];
      this.items = merged(found, later);
      if (!this.whole) this.next = answer.data.next;
      this.read = true;
    }
    this.host.requestUpdate();
  }

  async more(): Promise<void> {
    const answer = await this.page(this.next);
    this.failed = answer.data ? undefined : answer;
    if (answer.data) {
      this.items = merged(this.items, answer.data.items ?? []);
      this.next = answer.data.next;
      this.whole = true;
    }
    this.host.requestUpdate();
  }

  /** Puts one that was changed in its place; one that is not there yet comes where the list would have it. */
  take(item: T): void {
    const there = this.items.some((i) => i.id === item.id);
    this.items = there ? this.items.map((i) => (i.id === item.id ? item : i)) : this.latest ? [item, ...this.items] : [...this.items, item];
    this.host.requestUpdate();
  }

  drop(id: string): void {
    this.items = this.items.filter((i) => i.id !== id);
    this.host.requestUpdate();
  }
}

const merged = <T extends { readonly id: string }>(first: readonly T[], then: readonly T[]): T[] => [...first, ...then.filter((t) => !first.some((f) => f.id === t.id))];
