import type { Words } from '../../generated/strings/player-talk.ts';
import { say } from '../../shared/language.ts';
import type { Comment } from './comment.ts';
import { el, icon, settle } from './dom.ts';
import styles from './talk.css?text';

/** How the chat looks: comments over the picture with the button that opens it, and the panel, which is a sheet in the player or has a place in the page. */

export interface Shown {
  readonly list: readonly Comment[];
  readonly pinned: Comment | undefined;
  /** Older ones can be had. */
  readonly older: boolean;
  /** The picture is not live: these are the comments of its moment. */
  readonly past: boolean;
  /** Why nobody, or not this viewer, may write; "": they may. */
  readonly closed: string;
  /** "": not asked yet; undefined: the page around the player tells it. */
  readonly name: string | undefined;
  readonly liked: boolean;
  /** Seconds until this viewer may write again. */
  readonly wait: number;
}

export interface Acts {
  send(text: string, name: string): void;
  like(c: Comment): void;
  older(): void;
  sort(liked: boolean): void;
  forget(): void;
}

const close = 60; // px from the end of the list: the reader is there
const stays = 12_000; // ms for which a comment stands over the picture
const most = 4;
const spoken = 3000; // ms between two comments that are read out

export class View {
  readonly host = el('mediad-talk' as 'div');
  private readonly root = this.host.attachShadow({ mode: 'open' });
  private readonly bubbles = el('ol', { class: 'bubbles', 'aria-hidden': 'true' });
  private readonly count = el('b');
  private readonly pill: HTMLButtonElement;
  private readonly over: HTMLElement;
  private readonly panel: HTMLElement;
  private readonly sorts: HTMLButtonElement[];
  private readonly list = el('ol', { class: 'list' });
  private readonly none = el('p', { class: 'none' });
  private readonly log: HTMLElement;
  private readonly more: HTMLButtonElement;
  private readonly pinned = el('ol', { class: 'pinned' });
  private readonly news: HTMLButtonElement;
  private readonly form: HTMLFormElement;
  private readonly named: HTMLElement;
  private readonly as = el('span', { dir: 'auto' });
  private readonly own: HTMLElement;
  private readonly name: HTMLInputElement;
  private readonly text: HTMLInputElement;
  private readonly submit: HTMLButtonElement;
  private readonly why = el('p', { class: 'why', role: 'status' });
  private readonly closed = el('p', { class: 'closed' });
  private readonly voice = el('div', { class: 'sr', role: 'log', 'aria-live': 'polite' });
  private readonly since = new Map<string, number>(); // when each comment was seen first
  private renaming = false;
  private unread = 0;
  private spokeAt = 0;
  private unspoken: Comment[] = [];
  private past = false;
  private wasAt = '';

  constructor(private readonly t: Words, lang: string, private readonly acts: Acts) {
    const press = (given: Record<string, unknown>, ...inner: (Node | string)[]): HTMLButtonElement => el('button', { type: 'button', ...given }, ...inner);
    this.host.lang = lang;
    this.pill = press({ class: 'pill', title: t.talkOpen, 'aria-expanded': 'false', click: () => this.open() }, icon('chat'), el('span', {}, t.talk), this.count);
    this.over = el('div', { class: 'over' }, this.bubbles, this.pill);
    this.sorts = [t.talkNewest, t.talkLiked].map((word, i) => press({ click: () => acts.sort(i === 1) }, word));
    this.more = press({ class: 'more', click: () => acts.older() }, t.talkOlder);
    this.log = el('div', { class: 'log', tabindex: '0', role: 'group', 'aria-label': t.talk, scroll: () => this.atEnd() && this.read() }, this.more, this.list, this.none);
    this.news = press({ class: 'news', hidden: true, click: () => this.end() });
    this.name = el('input', { name: 'name', maxlength: '30', autocomplete: 'nickname', dir: 'auto' });
    this.text = el('input', { name: 'text', maxlength: '300', autocomplete: 'off', enterkeyhint: 'send', placeholder: t.talkSay, 'aria-label': t.talkText, dir: 'auto' });
    this.submit = el('button', { class: 'send' }, t.talkSend);
    this.named = el('label', {}, el('span', {}, t.talkName), this.name);
    this.own = el('p', { class: 'own' }, this.as, press({ class: 'rename', click: () => this.rename() }, t.talkRename), press({ class: 'forget', click: () => { this.renaming = false; acts.forget(); this.name.focus(); } }, t.talkForget));
    this.form = el('form', { submit: (e: Event) => { e.preventDefault(); this.send(); } }, this.named, this.own, el('div', { class: 'row' }, this.text, this.submit));
    this.panel = el('section', { class: 'panel', 'aria-label': t.talk, hidden: true, keydown: (e: KeyboardEvent) => this.key(e) },
      el('header', {}, el('h2', {}, t.talk), el('span', { class: 'sorts', role: 'group' }, ...this.sorts), press({ class: 'shut', title: t.talkClose, 'aria-label': t.talkClose, click: () => this.shut() }, icon('close'))),
      this.pinned, this.log, this.news, this.why, this.closed, this.form, this.voice);
    this.root.append(el('style', {}, styles), this.over, this.panel);
  }

  get isOpen(): boolean {
    return !this.panel.hidden;
  }

  /** In the page the panel is always there; in the player it is a sheet. */
  settle(place: Element, inPage: boolean): void {
    if (this.host.parentElement === place) return;
    this.host.toggleAttribute('data-page', inPage);
    this.panel.hidden = !inPage;
    this.over.hidden = inPage;
    place.append(this.host);
    this.end();
  }

  /** Where comments may stand over the picture; undefined: nowhere. Nothing else of the stage is covered. */
  hover(at: { bottom: number; height: number } | undefined, comments: boolean): void {
    this.over.hidden = !at || this.isOpen;
    if (!at) return;
    this.over.style.bottom = `${at.bottom}px`;
    this.bubbles.style.maxHeight = `${at.height}px`;
    this.bubbles.hidden = !comments || at.height < 40;
  }

  open(): void {
    this.panel.hidden = false;
    this.over.hidden = true;
    this.pill.setAttribute('aria-expanded', 'true');
    this.end();
    this.log.focus({ preventScroll: true });
  }

  shut(): void {
    if (this.host.hasAttribute('data-page')) return;
    this.panel.hidden = true;
    this.over.hidden = false;
    this.pill.setAttribute('aria-expanded', 'false');
    this.pill.focus({ preventScroll: true });
  }

  draw(s: Shown): void {
    const { t } = this;
    const now = performance.now();
    const first = this.since.size === 0 || this.past !== s.past;
    this.past = s.past;
    const newest = s.list.at(-1)?.id ?? '';
    const fresh = s.liked ? [] : s.list.filter((c) => !this.since.has(c.id));
    for (const c of fresh) this.since.set(c.id, first ? now - stays / 2 : now);
    const atEnd = this.atEnd();
    const later = first ? [] : fresh.filter((c) => !c.pending && c.id > this.wasAt);
    settle(this.list, s.list, (c) => this.line(c, s));
    settle(this.pinned, s.pinned && !s.past ? [s.pinned] : [], (c) => this.line(c, s, true));
    if (s.liked) this.unread = 0;
    else if (first || (atEnd && newest !== this.wasAt) || fresh.some((c) => c.pending)) this.end();
    else if (!atEnd || !this.isOpen) this.unread += later.length;
    if (newest) this.wasAt = newest;
    if (!first && this.isOpen) this.speak(later, now);
    this.news.hidden = !this.unread || !this.isOpen;
    this.news.textContent = say(t.talkNews, { n: this.unread });
    this.count.textContent = this.unread ? String(Math.min(this.unread, 99)) : '';
    this.pill.setAttribute('aria-label', this.unread ? `${t.talk}. ${say(t.talkNews, { n: this.unread })}` : t.talk);
    settle(this.bubbles, s.list.filter((c) => now - (this.since.get(c.id) ?? 0) < stays).slice(-most), (c) => el('li', { dir: 'auto', 'data-host': c.host }, el('bdi', {}, c.name), ' ', c.text));
    this.more.hidden = !s.older;
    this.none.textContent = s.list.length ? '' : s.past ? t.talkNoneHere : s.closed ? '' : t.talkNone;
    this.sorts.forEach((b, i) => b.setAttribute('aria-pressed', String(s.liked === (i === 1))));
    this.sorts[0]!.parentElement!.hidden = s.past;
    this.closed.textContent = s.closed;
    this.form.hidden = !!s.closed;
    const known = !!s.name && !this.renaming;
    this.named.hidden = s.name === undefined || known;
    this.own.hidden = !s.name;
    this.own.toggleAttribute('data-renaming', this.renaming);
    this.as.textContent = say(t.talkAs, { name: s.name ?? '' });
    this.submit.textContent = s.wait ? `${s.wait} s` : t.talkSend;
    this.submit.setAttribute('aria-disabled', String(s.wait > 0));
  }

  /** Says why something was not done; a text that was not taken comes back. */
  say(words: string, text = ''): void {
    this.why.textContent = words;
    if (text && !this.text.value) this.text.value = text;
    if (text && this.isOpen) this.text.focus();
  }

  /** Another show begins. */
  clear(): void {
    this.since.clear();
    [this.unread, this.wasAt, this.unspoken] = [0, '', []];
    this.say('');
  }

  private send(): void {
    const text = this.text.value.trim();
    const name = this.name.value.trim();
    if (this.submit.getAttribute('aria-disabled') === 'true') return;
    if (!this.named.hidden && !name) return this.name.focus();
    if (!text) return this.text.focus();
    this.renaming = false;
    this.text.value = '';
    this.say('');
    this.acts.send(text, name);
    this.text.focus();
  }

  private rename(): void {
    this.renaming = true;
    this.named.hidden = false;
    this.name.focus();
  }

  /** Keys in here are not the player's. */
  private key(e: KeyboardEvent): void {
    e.stopPropagation();
    if (e.key === 'Escape') this.shut();
  }

  private atEnd(): boolean {
    const { scrollHeight, scrollTop, clientHeight } = this.log;
    return scrollHeight - scrollTop - clientHeight < close;
  }

  private end(): void {
    this.log.scrollTop = this.log.scrollHeight;
    this.read();
  }

  private read(): void {
    if (!this.isOpen) return;
    this.unread = 0;
    this.news.hidden = true;
  }

  /** Reads out what is new: one comment at a time, and of many only how many they are. */
  private speak(fresh: readonly Comment[], now: number): void {
    this.unspoken.push(...fresh);
    const n = this.unspoken.length;
    if (!n || now - this.spokeAt < spoken) return;
    this.spokeAt = now;
    const [c] = this.unspoken;
    this.voice.append(el('p', {}, n > 1 ? say(this.t.talkNews, { n }) : `${c!.host ? `${this.t.talkHost}, ` : ''}${c!.name}: ${c!.text}`));
    this.unspoken = [];
    while (this.voice.childElementCount > 3) this.voice.firstChild!.remove();
  }

  private line(c: Comment, s: Shown, pin = false): HTMLElement {
    const { t } = this;
    const of = c.to && s.list.find((o) => o.id === c.to);
    const badge = (kind: string, words: string): HTMLElement => el('em', { class: kind }, words);
    return el('li', { 'data-host': c.host, 'data-pending': c.pending },
      el('div', {},
        pin && el('small', {}, icon('pin'), t.talkPinned),
        el('strong', {}, el('bdi', {}, c.name), c.verified && el('i', { class: 'verified', role: 'img', 'aria-label': t.talkVerified, title: t.talkVerified }, '✓'), c.host && badge('host', t.talkHost), c.question && badge(c.answered ? 'answered' : 'question', c.answered ? t.talkAnswered : t.talkQuestion)),
        !!c.to && el('small', { dir: 'auto' }, of ? say(t.talkReplies, { name: of.name, text: of.text.slice(0, 60) }) : t.talkReply),
        el('p', { dir: 'auto' }, c.text),
        c.pending && el('small', {}, t.talkSending)),
      !pin && !c.pending && el('button', { type: 'button', class: 'like', 'aria-pressed': String(!!c.liked), 'aria-label': say(t.talkLike, { name: c.name, n: c.likes }), click: () => this.acts.like(c) }, icon('heart'), c.likes ? String(c.likes) : ''));
  }
}
