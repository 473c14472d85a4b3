import { html, nothing, render } from 'lit';
import type { MediadPlayer } from '../player/player.ts';
import { home } from '../shared/server.ts';
import { clockTime } from '../player/seek.ts';
import type { Strings } from '../shared/strings.ts';

/** The chapters of a show: a rail under the player, from which a tap leads to each. */

export interface Chapter {
  readonly product: string;
  readonly title: string;
  /** When it began, in ms since 1970. */
  readonly date: number;
  /** Where it begins from the show's begin, in seconds: the same live and in the recording. */
  readonly start: number;
  /** Where it begins in the recording, in seconds; undefined while there is none. */
  readonly at: number | undefined;
  readonly duration: number;
}

/** Reads /c/SHOW/chapters.json; what is not as it should be is left out. */
export function parseChapters(json: unknown): Chapter[] {
  const list = (json as { chapters?: unknown } | null)?.chapters;
  if (!Array.isArray(list)) return [];
  return list.flatMap((c: { product?: { id?: unknown; title?: unknown; sku?: unknown }; date?: unknown; start?: unknown; at?: unknown; duration?: unknown } | null) => {
    const { id, title, sku } = c?.product ?? {};
    const date = Date.parse(String(c?.date));
    if (typeof id !== 'string' || !date || typeof c?.duration !== 'number') return [];
    const name = [title, sku].find((v) => typeof v === 'string' && v) as string | undefined;
    const at = typeof c.at === 'number' ? c.at : undefined;
    return [{ product: id, title: name ?? '', date, start: typeof c.start === 'number' ? c.start : (at ?? 0), at, duration: c.duration }];
  });
}

/** The one that is on at a place in the recording, or at a date. */
export function current(list: readonly Chapter[], place: { at: number | undefined; date: number | undefined }): Chapter | undefined {
  const { at, date } = place;
  return list.find((c) => {
    if (at !== undefined) return c.at !== undefined && c.at <= at && at < c.at + c.duration;
    return date !== undefined && c.date <= date && date < c.date + c.duration * 1000;
  });
}

const liveEvery = 20; // seconds between looks for new chapters of a live show

/** Scrolls so far that the whole player is seen, or its top where it is higher than the window. */
function show(player: HTMLElement): void {
  const box = player.getBoundingClientRect();
  const above = parseFloat(getComputedStyle(player).scrollMarginTop) || 0; // what stands over the page's top
  if (box.top >= above && box.bottom <= innerHeight) return;
  const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
  player.scrollIntoView({ block: box.height + above > innerHeight || box.top < above ? 'start' : 'end', behavior: calm ? 'auto' : 'smooth' });
}

/** Keeps the rail in an element; `changed` hears when other chapters are known. */
export class ChapterRail {
  private list: Chapter[] = [];
  private show = '';
  private state = '';
  private age = 0;

  constructor(
    private readonly player: MediadPlayer,
    private readonly host: HTMLElement,
    private readonly text: Strings,
    private readonly changed: () => void,
  ) {
    setInterval(() => this.look(), 1000);
  }

  /** The last chapter of a product that can be gone to now. */
  of(product: string): Chapter | undefined {
    return this.list.filter((c) => c.product === product && this.reachable(c)).at(-1);
  }

  go(c: Chapter): void {
    this.player.goTo({ at: c.at, date: c.date });
    show(this.player);
    this.draw();
  }

  private reachable(c: Chapter): boolean {
    return this.state === 'live' || c.at !== undefined;
  }

  private look(): void {
    const { show } = this.player.programme;
    const state = this.player.dataset['state'] ?? '';
    const stale = show !== this.show || state !== this.state || (state === 'live' && ++this.age >= liveEvery);
    this.state = state;
    if (stale && show && !document.hidden) {
      if (show !== this.show) this.list = [];
      this.show = show;
      this.age = 0;
      void this.ask(show);
    }
    this.draw();
  }

  private async ask(show: string): Promise<void> {
    try {
      const answer = await fetch(`${home}/c/${encodeURIComponent(show)}/chapters.json`, { credentials: 'omit' });
      if (!answer.ok || show !== this.show) return;
      this.list = parseChapters(await answer.json());
      this.changed();
      this.draw();
    } catch {
      // The next look may find more.
    }
  }

  private draw(): void {
    const list = this.list.filter((c) => this.reachable(c));
    this.host.hidden = list.length === 0;
    const on = current(list, this.player.programme);
    render(
      list.length
        ? html`<h2>${this.text.chapters}</h2>
            <ol class="rail">
              ${list.map((c) => html`<li><button type="button" aria-current=${c === on ? 'true' : nothing} @click=${() => this.go(c)}>
                <time>${clockTime(c.start)}</time><span>${c.title || this.text.product}</span>
              </button></li>`)}
            </ol>`
        : nothing,
      this.host,
    );
  }
}
