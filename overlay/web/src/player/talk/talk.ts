import phrases from '../../generated/strings/player-talk.ts';
import { textOf } from '../../shared/api.ts';
import { inLanguage, languageOf, localeFor } from '../../shared/language.ts';
import { serverAt } from '../../shared/server.ts';
import { viewer } from '../../shared/viewer.ts';
import type { MediadPlayer } from '../player.ts';
import { parseComment, parseComments, parsePage, Thread, Windows, type Comment, type Page } from './comment.ts';
import { chatOf, chatAddress } from './door.ts';
import { Feed } from './feed.ts';
import { asked, name, pageStyle, playerStyle, room, spot } from './place.ts';
import { refusalOf } from './refusal.ts';
import { View } from './view.ts';

/** The chat of what a player plays: it follows the player from show to show, and to the moment of the picture. */

const every = 500; // ms
const behind = 25; // seconds: who is so far back sees the chat of that moment
const everyLiked = 10_000; // ms

class Talk {
  private readonly locale = localeFor(this.player.lang);
  private readonly t = inLanguage(phrases, this.locale);
  private readonly view = new View(this.t, languageOf(this.locale), {
    send: (text, as) => void this.send(text, as), like: (c) => void this.like(c), older: () => void this.older(), sort: (liked) => void this.sort(liked), forget: () => (name(''), this.draw()),
  });
  private show = '';
  private feed: Feed | undefined;
  private thread = new Thread();
  private windows: Windows | undefined;
  private page: Pick<Page, 'open' | 'slow' | 'signed'> = { open: false, slow: 0, signed: false };
  private known = false; // the page was read
  private pinned: Comment | undefined;
  private before = '';
  private most: readonly Comment[] | undefined; // those with the most likes, where the viewer wants them
  private mostAt = 0;
  private readonly mine = new Set<string>();
  private readonly liked = new Set<string>();
  private refused = ''; // why this viewer may not write at all
  private waitUntil = 0;
  private sent = 0;
  private timer: ReturnType<typeof setInterval> | undefined;

  constructor(private readonly player: MediadPlayer) {
    pageStyle();
    playerStyle(player);
  }

  /** Begins to look, again after the player was out of the page. */
  watch(): void {
    this.timer ??= setInterval(() => this.look(), every);
    this.look();
  }

  private look(): void {
    const { player } = this;
    if (!player.isConnected) {
      clearInterval(this.timer);
      this.timer = undefined;
      return this.follow('');
    }
    this.follow(chatOf(player, this.show));
    const inPage = spot(player);
    const stage = player.renderRoot.querySelector<HTMLElement>('.stage');
    if (!this.show || (!inPage && !stage)) return this.view.host.remove();
    this.view.settle(inPage ?? stage!, !!inPage);
    if (!inPage) {
      // Two sheets would lie on each other.
      if (player.hasAttribute('data-pocket') && this.view.isOpen) this.view.shut();
      this.view.hover(player.hasAttribute('data-pocket') || player.hasAttribute('data-mini') || !this.known ? undefined : room(stage!, player), /live|replay/.test(player.dataset['state']!));
    }
    player.toggleAttribute('data-talk', !inPage && this.view.isOpen);
    if (this.most && performance.now() - this.mostAt > everyLiked) void this.sort(true);
    this.draw();
  }

  /** Goes to the chat of another show. */
  private follow(show: string): void {
    if (show === this.show) return;
    this.feed?.stop();
    this.view.clear();
    Object.assign(this, { show, thread: new Thread(), known: false, pinned: undefined, before: '', most: undefined, refused: '', feed: undefined, windows: undefined });
    if (!show) return;
    this.windows = new Windows(async (from, to) => {
      const json = await this.read(`?from=${from}&to=${to}`);
      return json === undefined ? undefined : parseComments((json as { comments?: unknown }).comments);
    });
    this.feed = new Feed(this.address(), {
      page: (page) => {
        if (!this.known) this.before = page.before;
        Object.assign(this, { page, known: true, pinned: page.pinned });
        if (page.sampled) this.thread.add(page.comments);
        else this.thread.renew(page.comments, this.mine);
        this.draw();
      },
      comment: (c) => {
        this.thread.gone(this.thread.list.filter((p) => p.pending && p.text === c.text && p.name === c.name).map((p) => p.id));
        this.thread.add([c]);
        if (this.pinned?.id === c.id) this.pinned = c;
        this.draw();
      },
      gone: (ids) => (this.thread.gone(ids), this.draw()),
      pinned: (c) => ((this.pinned = c), this.draw()),
      state: (s) => {
        if (s.open && !this.page.open) this.refused = '';
        this.page = s;
        this.draw();
      },
    });
  }

  private address(rest = ''): string {
    return chatAddress(serverAt(this.player.origin), this.show) + rest;
  }

  private async read(rest: string): Promise<unknown> {
    try {
      const answer = await fetch(this.address(rest), { credentials: 'omit' });
      return answer.ok ? await answer.json() : undefined;
    } catch {
      return undefined;
    }
  }

  private draw(): void {
    const { player, t, thread } = this;
    if (!this.known) return;
    const { moment } = player.programme;
    const replay = player.dataset['state'] === 'replay';
    const past = replay || Number(player.dataset['latency']) > behind;
    const own = thread.list.filter((c) => c.pending || this.mine.has(c.id));
    const then = past && moment ? this.windows!.at(moment / 1000) : [];
    const list = this.most ?? (past ? [...then.filter((c) => !this.mine.has(c.id)), ...own] : thread.list);
    const readonly = player.getAttribute('chat') === 'readonly';
    const signed = !!asked(player);
    this.view.draw({
      list: list.map((c) => (this.liked.has(c.id) ? { ...c, liked: true } : c)),
      pinned: this.pinned, older: !past && !this.most && this.before !== '', past,
      closed: readonly ? ' ' : this.refused || (this.page.open ? (this.page.signed && !signed ? t.talkSigned : '') : replay || player.dataset['state'] === 'ended' ? t.talkOver : t.talkClosed),
      name: signed ? undefined : name(), liked: !!this.most && !past, wait: Math.max(0, Math.ceil((this.waitUntil - performance.now()) / 1000)),
    });
  }

  private async send(text: string, as: string): Promise<void> {
    const { show } = this;
    const wish = asked(this.player);
    if (!wish && as) name(as);
    const given = wish ? '' : name() || as;
    const { moment } = this.player.programme;
    const pending: Comment = { id: `~${++this.sent}`, name: given, text, at: (moment ?? Date.now()) / 1000, host: false, verified: false, question: false, answered: false, likes: 0, to: '', pending: true };
    this.most = undefined;
    this.thread.add([pending]);
    this.draw();
    let [status, detail, made]: [number, string, Comment | undefined] = [0, '', undefined];
    try {
      const identity = await (typeof wish === 'function' ? wish() : wish);
      const answer = await fetch(this.address(), { method: 'POST', credentials: 'omit', body: JSON.stringify({ text, name: given, viewer: viewer(), at: pending.at, ...(identity && { identity }) }) });
      const json: unknown = await answer.json();
      [status, detail] = [answer.status, textOf((json as { detail?: unknown }).detail)];
      if (answer.ok) made = parseComment(json);
    } catch {
      // the network fails
    }
    if (show !== this.show) return;
    this.thread.gone([pending.id]);
    if (made) {
      this.mine.add(made.id);
      this.thread.add([made]);
      this.wait(this.page.slow);
    } else {
      const why = refusalOf(status, detail, this.t);
      this.wait(why.wait);
      if (status === 403 && !/\d/.test(detail)) this.refused = why.words;
      this.view.say(why.words, text);
    }
    this.draw();
  }

  private wait(seconds: number): void {
    this.waitUntil = performance.now() + seconds * 1000;
  }

  private async like(c: Comment): Promise<void> {
    if (this.liked.has(c.id)) return;
    this.liked.add(c.id);
    const more = { ...c, likes: c.likes + 1, liked: false };
    if (this.thread.list.some((x) => x.id === c.id)) this.thread.add([more]);
    this.most &&= this.most.map((x) => (x.id === c.id ? more : x));
    this.draw();
    await fetch(this.address(`/${c.id}/like`), { method: 'POST', credentials: 'omit', body: JSON.stringify({ viewer: viewer() }) }).catch(() => undefined);
  }

  private async older(): Promise<void> {
    const { show, before } = this;
    const json = await this.read(`?before=${before}`);
    if (json === undefined || show !== this.show) return;
    const page = parsePage(json);
    this.before = page.before;
    this.thread.add(page.comments, true);
    this.draw();
  }

  private async sort(liked: boolean): Promise<void> {
    this.mostAt = performance.now();
    const json = liked ? await this.read('?sort=liked') : undefined;
    this.most = json === undefined ? undefined : parsePage(json).comments;
    this.draw();
  }
}

const talks = new WeakMap<MediadPlayer, Talk>();

/** Puts the chat into a player, once. */
export function attend(player: MediadPlayer): void {
  const talk = talks.get(player) ?? new Talk(player);
  talks.set(player, talk);
  talk.watch();
}
