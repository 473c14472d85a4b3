import { LitElement, html, nothing, type TemplateResult } from 'lit';
import { state } from 'lit/decorators.js';
import { clockTime } from '../player/seek.ts';
import type { MediadPlayer } from '../player/player.ts';
import { addressOf, read } from '../shared/api.ts';
import { home } from '../shared/server.ts';
import { current, parseChapters, type Chapter } from './chapters.ts';
import type { Words } from './words.ts';

const liveEvery = 20; // seconds between requests for new chapters of a live show

/** `<watch-chapters>`: the chapters of a show, a rail under the player, from which a tap leads to each. `chapters` tells that others are known. */
export class ChapterRail extends LitElement {
  @state() private list: Chapter[] = [];
  @state() private on: Chapter | undefined;
  private player!: MediadPlayer;
  private text!: Words;
  private show = '';
  private phase = '';
  private age = 0;
  private timer = 0;

  /** The page styles it. */
  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  follow(player: MediadPlayer, text: Words): void {
    this.player = player;
    this.text = text;
    this.timer ||= window.setInterval(() => this.look(), 1000);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.timer);
    this.timer = 0;
  }

  /** The chapter of a product to which the player can seek now: the last one of a live show, the first one of a recording. */
  of(product: string): Chapter | undefined {
    return this.list.filter((c) => c.product === product && this.reachable(c)).at(this.phase === 'live' ? -1 : 0);
  }

  go(c: Chapter): void {
    this.player.goTo({ at: c.at, date: c.date });
    reveal(this.player);
    this.on = current(this.list, this.player.programme);
  }

  private reachable(c: Chapter): boolean {
    return this.phase === 'live' || c.at !== undefined;
  }

  private look(): void {
    const { show } = this.player.programme;
    const phase = this.player.dataset['state'] ?? '';
    const stale = show !== this.show || phase !== this.phase || (phase === 'live' && ++this.age >= liveEvery);
    if (phase !== this.phase) this.requestUpdate();
    this.phase = phase;
    if (stale && show && !document.hidden) {
      if (show !== this.show) this.list = [];
      this.show = show;
      this.age = 0;
      void this.ask(show);
    }
    this.on = current(this.list, this.player.programme);
  }

  private async ask(show: string): Promise<void> {
    const json = await read(addressOf(home, '/c/{show}/{file}', { show, file: 'chapters.json' }));
    if (!json || show !== this.show) return;
    this.list = parseChapters(json);
    this.dispatchEvent(new Event('chapters'));
  }

  protected override render(): TemplateResult | typeof nothing {
    const list = this.list.filter((c) => this.reachable(c));
    this.hidden = list.length === 0;
    if (this.hidden) return nothing;
    const { text } = this;
    return html`<h2>${text.chapters}</h2>
      <ol class="rail">
        ${list.map((c) => html`<li><button type="button" aria-current=${c === this.on ? 'true' : nothing} @click=${() => this.go(c)}>
          <time>${clockTime(c.start)}</time><span>${c.title || text.unnamedProduct}</span>
        </button></li>`)}
      </ol>`;
  }
}

/** Scrolls until the whole player is visible, or its top if it is higher than the window. */
export function reveal(player: HTMLElement): void {
  const box = player.getBoundingClientRect();
  const above = parseFloat(getComputedStyle(player).scrollMarginTop) || 0; // height of the bar over the page's top
  if (box.top >= above && box.bottom <= innerHeight) return;
  const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
  player.scrollIntoView({ block: box.height + above > innerHeight || box.top < above ? 'start' : 'end', behavior: calm ? 'auto' : 'smooth' });
}

customElements.define('watch-chapters', ChapterRail);
