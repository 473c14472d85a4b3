import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Answer } from '../context.ts';

interface Page<T> extends Answer {
  readonly data?: { readonly items: readonly T[] | null; readonly next?: string };
}

/** A list that the server gives page by page. */
export class Pages<T> implements ReactiveController {
  items: readonly T[] = [];
  /** There is more. */
  next: string | undefined;
  state: 'loading' | 'there' | 'failed' = 'loading';
  /** What kept the server from answering. */
  answer: Answer | undefined;

  constructor(private readonly host: ReactiveControllerHost, private readonly read: (cursor: string | undefined) => Promise<Page<T>>) {
    host.addController(this);
  }

  hostConnected(): void {
    void this.load();
  }

  /** Reads the first page anew; what is shown stays until it is there. */
  async load(): Promise<void> {
    await this.page(undefined);
  }

  async more(): Promise<void> {
    if (this.next && this.state !== 'loading') await this.page(this.next);
  }

  private asked = 0;

  /** An answer that is late does not overwrite a newer one. */
  private async page(cursor: string | undefined): Promise<void> {
    const mine = ++this.asked;
    this.state = 'loading';
    this.host.requestUpdate();
    const answer = await this.read(cursor);
    if (mine !== this.asked) return;
    if (answer.data) {
      this.items = [...(cursor ? this.items : []), ...(answer.data.items ?? [])];
      this.next = answer.data.next;
    }
    this.answer = answer;
    this.state = answer.data ? 'there' : 'failed';
    this.host.requestUpdate();
  }
}
