import phrases from '../generated/strings/player-crowd.ts';
import { addressOf, fieldsOf, read } from '../shared/api.ts';
import { share } from './crowd/share.ts';
import { cameBy, shared } from '../shared/ref.ts';
import { inLanguage, localeFor, say } from '../shared/language.ts';
import { serverAt } from '../shared/server.ts';
import { Likes } from './crowd/count.ts';
import { Hearts, heartsFor } from './crowd/hearts.ts';
import { style } from './crowd/style.ts';
import type { CueDetail } from './events.ts';
import type { MediadPlayer } from './player.ts';

/** What viewers do together: they like a show and share it, and see that others like it. The player loads it when it plays. */

const crowds = new WeakMap<MediadPlayer, Crowd>();
const look = 500; // ms: cards come and go below the button
const twice = 320; // ms between two taps that are one gesture
const near = 40; // px between them

/** Gives a player the button, once. */
export function attend(player: MediadPlayer): void {
  const crowd = crowds.get(player) ?? new Crowd(player);
  crowds.set(player, crowd);
  crowd.begin();
}

/** Lets the way to the shop tell by which link its viewer came, and which moment of the picture they saw. */
function mark(e: Event, server: string, ref: string, { show, at = NaN, moment = NaN }: MediadPlayer['programme']): void {
  for (const way of e.composedPath()) {
    if (!(way instanceof HTMLAnchorElement) || !way.href.startsWith(`${server}/go/`)) continue;
    const to = new URL(way.href);
    const seen = Number.isFinite(at) ? at : moment / 1000;
    if (ref) to.searchParams.set('ref', ref);
    if (seen > 0 && to.pathname.includes(`/go/${show}/`)) to.searchParams.set('at', seen.toFixed(1));
    way.href = to.href;
  }
}

const icon = (line: string): SVGElement => {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  const path = document.createElementNS(svg.namespaceURI, 'path');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('aria-hidden', 'true');
  path.setAttribute('d', line);
  svg.append(path);
  return svg;
};
const heart = (): SVGElement => icon('M12 20.500C6.500 16 3 12.800 3 9a4.700 4.700 0 0 1 9-2 4.700 4.700 0 0 1 9 2c0 3.800-3.500 7-9 11.500z');

class Crowd {
  private likes = new Likes();
  private show = '';
  private shares = 0; // for the next beacon
  private came: string;
  private readonly stage: HTMLElement;
  private readonly love = Object.assign(document.createElement('div'), { className: 'love' });
  private readonly button = Object.assign(document.createElement('button'), { type: 'button', className: 'like' });
  private readonly number = document.createElement('b');
  private readonly hearts: Hearts;
  private timer: ReturnType<typeof setInterval> | undefined;
  private tapped = { at: -Infinity, x: 0, y: 0 };

  constructor(private readonly player: MediadPlayer) {
    const root = player.renderRoot as ShadowRoot;
    this.stage = root.querySelector<HTMLElement>('.stage')!;
    this.button.setAttribute('part', 'like');
    this.button.append(heart(), this.number);
    this.love.append(this.button);
    const rain = Object.assign(document.createElement('div'), { className: 'rain' });
    rain.setAttribute('aria-hidden', 'true');
    this.hearts = new Hearts(rain, heart);
    this.stage.append(Object.assign(document.createElement('style'), { textContent: style }), rain, this.love);
    this.button.addEventListener('click', () => this.like());
    this.stage.querySelector('.tap')?.addEventListener('click', (e) => this.tap(e as PointerEvent));
    player.addEventListener('keydown', (e) => this.key(e));
    player.addEventListener('mediad:cue', (e) => this.cue((e as CustomEvent<CueDetail>).detail));
    const server = serverAt(player.origin);
    this.came = cameBy(location, server);
    document.addEventListener('click', (e) => mark(e, server, cameBy(location, server), player.programme), true);
    player.addEventListener('mediad:share', () => this.shares++);
    player.more = () => this.more();
    if (!document.getElementById('share')) this.offer();
  }

  /** Looks at the player, until it leaves the page. */
  begin(): void {
    this.timer ??= setInterval(() => this.look(), look);
    this.look();
  }

  private look(): void {
    if (!this.player.isConnected) {
      clearInterval(this.timer);
      this.timer = undefined;
      return;
    }
    const { show } = this.player.programme;
    if (show && show !== this.show) {
      this.show = show;
      this.likes = new Likes();
      void this.ask(show);
    }
    this.draw();
    this.place();
  }

  /** What the next beacon tells: by which link the viewer came only once. */
  private more(): object {
    const { came, shares } = this;
    [this.came, this.shares] = ['', 0];
    return { likes: this.likes.take(), ...(shares && { shares }), ...(came && { ref: came }) };
  }

  /** A button to share the show, where the page around the player has none. */
  private offer(): void {
    const t = this.words().t;
    const button = Object.assign(document.createElement('button'), { type: 'button', className: 'like share', title: t.shareShow });
    button.setAttribute('part', 'share');
    button.setAttribute('aria-label', t.shareShow);
    button.append(icon('M12 15V4M7.500 8 12 3.500 16.500 8M5 12.500V20h14v-7.500'), document.createElement('b'));
    this.love.prepend(button);
    button.addEventListener('click', () => {
      const { player } = this;
      const url = new URL(`${serverAt(player.origin)}/watch/${encodeURIComponent(player.room)}`);
      if (player.programme.at !== undefined) url.searchParams.set('show', this.show);
      const give = (to: string): void => {
        const detail = { url: shared(to) };
        if (!player.dispatchEvent(new CustomEvent('mediad:share', { detail, bubbles: true, composed: true, cancelable: true }))) return;
        void share(detail.url, button.querySelector('b')!, t.shareCopied);
      };
      import('../shared/ways.ts').then((m) => m.offer(button, url.href, player.programme, t, give), () => give(url.href));
    });
  }

  private words(): { locale: string; t: (typeof phrases)['en'] } {
    const locale = localeFor(this.player.lang);
    return { locale, t: inLanguage(phrases, locale) };
  }

  /** How often the show was liked before. In a live show the picture tells soon; a recording has the numbers of its time. */
  private async ask(show: string): Promise<void> {
    const live = await read(addressOf(serverAt(this.player.origin), '/c/{show}/{file}', { show, file: 'live.json' }));
    const { likes } = fieldsOf<'Pulse'>(fieldsOf<'LiveBody'>(live).pulse);
    if (show !== this.show || typeof likes !== 'number') return;
    this.likes.hear(likes);
    this.draw();
  }

  private cue({ cue, late }: CueDetail): void {
    if (cue.kind !== 'pulse' || cue.show !== this.show || typeof cue['likes'] !== 'number') return;
    const grown = this.likes.hear(cue['likes']);
    if (!late) this.hearts.shower(heartsFor(grown));
    this.draw();
  }

  private like(x?: number, y?: number): void {
    if (!this.show) return;
    this.likes.like();
    this.hearts.rise(x, y);
    this.draw();
    const detail = { show: this.show, likes: this.likes.own };
    this.player.dispatchEvent(new CustomEvent('mediad:like', { detail, bubbles: true, composed: true }));
  }

  /** L likes, wherever nothing is written. */
  private key(e: KeyboardEvent): void {
    if (e.key.toLowerCase() !== 'l' || e.defaultPrevented || e.ctrlKey || e.metaKey || e.altKey || !this.button.offsetWidth) return;
    if ((e.composedPath()[0] as HTMLElement).closest?.('input:not([type=range]),textarea,select,[contenteditable]')) return;
    e.preventDefault();
    this.like();
  }

  /** Two quick taps of a finger like. Each of them shows or hides the controls, too, so that both together leave them as they were. */
  private tap(e: PointerEvent): void {
    const was = this.tapped;
    this.tapped = { at: e.timeStamp, x: e.clientX, y: e.clientY };
    if (e.pointerType !== 'touch' || e.timeStamp - was.at > twice || Math.hypot(e.clientX - was.x, e.clientY - was.y) > near || !this.button.offsetWidth) return;
    this.tapped.at = -Infinity;
    const box = this.stage.getBoundingClientRect();
    this.like(e.clientX - box.left, e.clientY - box.top);
  }

  private draw(): void {
    const { shown, own } = this.likes;
    const { locale, t } = this.words();
    const text = shown ? new Intl.NumberFormat(locale, { notation: 'compact', maximumFractionDigits: 1 }).format(shown) : '';
    if (this.number.textContent !== text) this.number.textContent = text;
    const label = shown ? say(t.likesSoFar, { n: shown.toLocaleString(locale) }) : t.like;
    if (this.button.getAttribute('aria-label') !== label) this.button.setAttribute('aria-label', label);
    if (this.button.title !== t.likeKey) this.button.title = t.likeKey;
    this.button.toggleAttribute('data-liked', own > 0);
  }

  /** Above the card, where that reaches to the edge of the stage. Where there is no room between it and the top, there is no button. */
  private place(): void {
    const stage = this.stage.getBoundingClientRect();
    const edge = 80; // px at the side that the button needs
    const card = this.stage.querySelector('.shelf')?.getBoundingClientRect();
    const rtl = getComputedStyle(this.stage).direction === 'rtl';
    const below = card && card.height > 0 && (rtl ? card.left < stage.left + edge : card.right > stage.right - edge) ? stage.bottom - card.top + 6
      : (this.stage.querySelector<HTMLElement>('.controls')?.offsetHeight ?? 52) + 12;
    this.stage.style.setProperty('--above', `${Math.round(below)}px`);
    const room = stage.height - below - 48; // below what stands at the top
    this.love.hidden = room < 44;
    this.love.toggleAttribute('data-low', room < 96);
  }
}
