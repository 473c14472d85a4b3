import { parseComment, parsePage, type Comment, type Page } from './comment.ts';

/** Keeps up with the chat of a show: by the server's events, or, where there are too many listeners, by asking for its page. */

export interface Heard {
  page(page: Page): void;
  comment(c: Comment): void;
  gone(ids: readonly unknown[]): void;
  pinned(c: Comment | undefined): void;
  state(s: Pick<Page, 'open' | 'slow' | 'signed'>): void;
}

const retry = 60_000; // ms until events are tried again

export class Feed {
  private source: EventSource | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private over = false;
  private eventsAt = 0; // from when on events may be tried

  constructor(private readonly address: string, private readonly heard: Heard) {
    void this.ask();
  }

  stop(): void {
    this.over = true;
    this.source?.close();
    clearTimeout(this.timer);
  }

  private async ask(): Promise<void> {
    let page: Page | undefined;
    try {
      const answer = await fetch(this.address, { credentials: 'omit' });
      if (answer.ok) page = parsePage(await answer.json());
    } catch {
      // the network fails: it is asked again
    }
    if (this.over) return;
    if (page) this.heard.page(page);
    if (page?.events && performance.now() >= this.eventsAt) return this.listen();
    // Viewers do not ask all at the same time.
    this.timer = setTimeout(() => void this.ask(), (page?.every ?? 5) * 1000 * (0.8 + Math.random() * 0.4));
  }

  private listen(): void {
    if (this.source && this.source.readyState !== EventSource.CLOSED) return;
    const source = (this.source = new EventSource(`${this.address}/events`));
    const on = (kind: string, hear: (data: unknown) => void): void =>
      source.addEventListener(kind, (e) => {
        try {
          hear(JSON.parse((e as MessageEvent<string>).data));
        } catch {
          // it is no event that we know
        }
      });
    const comment = (data: unknown): void => {
      const c = parseComment(data);
      if (c) this.heard.comment(c);
    };
    on('comment', comment);
    on('change', comment);
    on('gone', (data) => this.heard.gone((data as { ids?: unknown[] }).ids ?? []));
    on('pinned', (data) => this.heard.pinned(parseComment(data)));
    on('missed', () => void this.ask());
    on('state', (data) => this.heard.state(parsePage(data)));
    source.onerror = () => {
      if (source.readyState !== EventSource.CLOSED || this.over) return; // the browser comes back by itself
      this.eventsAt = performance.now() + retry;
      void this.ask();
    };
  }
}
