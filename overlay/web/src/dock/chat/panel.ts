import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import phrases from '../../generated/strings/dock-chat.ts';
import type { Schemas } from '../../shared/api.ts';
import { inLanguage, say } from '../../shared/language.ts';
import { home } from '../../shared/server.ts';
import { timeOfDay } from '../../shared/times.ts';
import { Asking } from '../asking.ts';
import { patience, type Desk } from '../desk.ts';
import type { Language } from '../words.ts';
import { settingsForm } from './settings.ts';
import css from './panel.css?text';
import { heardOf, merged, pinnedOnly, waits, type Comment } from './room.ts';

const undoFor = 5000; // ms
const wholeShow = 720; // minutes: longer than a show

/** `<mediad-chat>`: what viewers write, and what moderators do about it. It comes when the dock stands. */
export class Chat extends Asking {
  /** The show that is on, or was on last. */
  @property() show = '';

  @state() private list: readonly Comment[] = [];
  @state() private questions = false;
  @state() private opened = ''; // the comment whose deeds are shown
  @state() private replying: Comment | undefined;
  @state() private settings: Schemas['ChatSettings'] | undefined;
  @state() private mutes: readonly Schemas['Mute'][] = [];
  @state() private unseen = 0;
  @state() private did: { readonly words: string; readonly undo: () => void } | undefined;
  private of = '';
  private next = '';
  private barred = false;
  private known = false;
  private didTimer: ReturnType<typeof setTimeout> | undefined;

  private get t(): typeof phrases.en {
    return inLanguage(phrases, this.language.locale);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.desk.overhear = (said) => {
      const heard = heardOf(said, this.show);
      if (heard?.comment) this.take([heard.comment]);
      if (heard?.pinned !== undefined) this.list = pinnedOnly(this.list, heard.pinned);
      if (heard?.state) void this.readSettings();
    };
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const { show, of } = this;
    if (show !== of) Object.assign(this, { of: show, list: [], opened: '', replying: undefined, next: '', known: false, unseen: 0 });
    if (show && (show !== of || (changed.has('locked') && !this.locked))) void this.read();
  }

  /** Reads the newest, as after the line was lost. */
  protected async read(): Promise<void> {
    const { show, desk } = this;
    if (!show || desk.locked || this.barred) return;
    try {
      const { data, response } = await desk.client().GET('/api/v1/shows/{show}/chat', { params: { path: { show }, query: { limit: 100 } }, signal: AbortSignal.timeout(patience) });
      if (response.status === 403 || response.status === 404) this.barred = true;
      if (!data || show !== this.show) return this.requestUpdate();
      if (!this.known) this.next = data.next ?? '';
      this.known = true;
      this.take(data.items ?? [], true);
    } catch {
      // what stands there stays
    }
    if (!this.settings) void this.readSettings();
  }

  private async readSettings(): Promise<void> {
    const { show, desk } = this;
    const given = { params: { path: { show } }, signal: AbortSignal.timeout(patience) };
    try {
      const [settings, mutes] = await Promise.all([desk.client().GET('/api/v1/shows/{show}/chat/settings', given), desk.client().GET('/api/v1/shows/{show}/chat/mutes', given)]);
      if (settings.data) this.settings = settings.data;
      if (mutes.data) this.mutes = mutes.data.items ?? [];
    } catch {
      // what stands there stays
    }
  }

  private async earlier(): Promise<void> {
    const { show, desk } = this;
    try {
      const { data } = await desk.client().GET('/api/v1/shows/{show}/chat', { params: { path: { show }, query: { limit: 100, cursor: this.next } }, signal: AbortSignal.timeout(patience) });
      if (!data || show !== this.show) return;
      this.next = data.next ?? '';
      this.list = merged(data.items ?? [], this.list);
    } catch {
      // what stands there stays
    }
  }

  private take(news: readonly Comment[], first = false): void {
    const had = new Set(this.list.map((c) => c.id));
    const fresh = news.filter((c) => !had.has(c.id)).length;
    const reading = this.reading();
    this.list = merged(this.list, news);
    if (!reading || first) void this.updateComplete.then(() => this.toEnd());
    else this.unseen += fresh;
  }

  /** Somebody reads further up, or aims at a comment: nothing moves under them. */
  private reading(): boolean {
    const log = this.querySelector('.chat-log');
    return !!log && (log.scrollHeight - log.scrollTop - log.clientHeight > 40 || log.matches(':hover') || (log.matches(':focus-within') && !!this.opened));
  }

  private toEnd(): void {
    const log = this.querySelector('.chat-log');
    if (log) log.scrollTop = log.scrollHeight;
    this.unseen = 0;
  }

  // ---- deeds

  private path(comment: Comment): { params: { path: { show: string; comment: string } }; signal: AbortSignal } {
    return { params: { path: { show: this.show, comment: comment.id } }, signal: AbortSignal.timeout(patience) };
  }

  private told(words: string, undo: () => void): void {
    clearTimeout(this.didTimer);
    this.did = { words, undo: () => ((this.did = undefined), undo()) };
    this.didTimer = setTimeout(() => (this.did = undefined), undoFor);
  }

  private async drop(c: Comment): Promise<void> {
    if (!(await this.ask(() => this.desk.client().DELETE('/api/v1/shows/{show}/chat/{comment}', this.path(c))))) return;
    this.told(say(this.t.chatDidDelete, { text: c.text.slice(0, 60) }), () => void this.restore(c));
  }

  private restore(c: Comment): Promise<boolean> {
    return this.ask(() => this.desk.client().PUT('/api/v1/shows/{show}/chat/{comment}', this.path(c)));
  }

  private pin(c: Comment): Promise<boolean> {
    const client = this.desk.client();
    return this.ask(() => (c.pinned ? client.DELETE('/api/v1/shows/{show}/chat/{comment}/pin', this.path(c)) : client.PUT('/api/v1/shows/{show}/chat/{comment}/pin', this.path(c))));
  }

  private answer(c: Comment): Promise<boolean> {
    const client = this.desk.client();
    return this.ask(() => (c.answered ? client.DELETE('/api/v1/shows/{show}/chat/{comment}/answered', this.path(c)) : client.PUT('/api/v1/shows/{show}/chat/{comment}/answered', this.path(c))));
  }

  private async mute(c: Comment, minutes: number, shadow = false): Promise<void> {
    const done = await this.ask(() => this.desk.client().POST('/api/v1/shows/{show}/chat/mutes', {
      params: { path: { show: this.show } }, signal: AbortSignal.timeout(patience), body: { comment: c.id, ...(shadow ? { shadow } : { minutes }) },
    }));
    if (!done) return;
    void this.readSettings();
    this.told(say(shadow ? this.t.chatDidHide : this.t.chatDidMute, { name: c.name }), () => c.viewer && void this.unmute(c.viewer));
  }

  private async unmute(viewer: string): Promise<void> {
    await this.ask(() => this.desk.client().DELETE('/api/v1/shows/{show}/chat/mutes/{viewer}', { params: { path: { show: this.show, viewer } }, signal: AbortSignal.timeout(patience) }));
    void this.readSettings();
  }

  private async write(e: Event): Promise<void> {
    e.preventDefault();
    const field = this.querySelector<HTMLInputElement>('[name=chat-text]');
    const text = field?.value.trim() ?? '';
    if (!field || !text) return;
    const to = this.replying?.id;
    const done = await this.ask(() => this.desk.client().POST('/api/v1/shows/{show}/chat', { params: { path: { show: this.show } }, signal: AbortSignal.timeout(patience), body: { text, ...(to && { reply_to: to }) } }));
    if (done) {
      field.value = '';
      this.replying = undefined;
      void this.updateComplete.then(() => this.toEnd());
    }
    field.focus();
  }

  private async save(settings: Schemas['ChatSettings']): Promise<void> {
    const { $schema: _, ...body } = settings as Schemas['ChatSettings'] & { $schema?: string };
    await this.ask(() => this.desk.client().PUT('/api/v1/shows/{show}/chat/settings', { params: { path: { show: this.show } }, signal: AbortSignal.timeout(patience), body }));
    await this.readSettings();
  }

  private reply(c: Comment): void {
    this.replying = c;
    this.focusOn('[name=chat-text]');
  }

  private open(c: Comment): void {
    this.opened = this.opened === c.id ? '' : c.id;
    this.focusOn(`[data-comment="${c.id}"] .chat-line`);
  }

  /** Keys on a comment; they are not the dock's there. */
  private key(e: KeyboardEvent): void {
    const item = (e.target as Element).closest<HTMLElement>('[data-comment]');
    const c = this.list.find((x) => x.id === item?.dataset['comment']);
    if (!item || !c || e.ctrlKey || e.metaKey || e.altKey) return;
    const to = { ArrowUp: item.previousElementSibling, ArrowDown: item.nextElementSibling }[e.key];
    const act = { Delete: () => void this.drop(c), r: () => this.reply(c), R: () => this.reply(c), a: () => void this.answer(c), A: () => void this.answer(c), Escape: () => this.opened && this.open(c) }[e.key];
    if (to === undefined && !act) return;
    e.preventDefault();
    e.stopPropagation();
    if (to) to.querySelector<HTMLElement>('.chat-line')?.focus();
    else if (act && !this.locked && !this.busy) act();
  }

  // ---- the looks

  protected override render(): TemplateResult | typeof nothing {
    const { t, desk } = this;
    if (!this.show || this.barred || !this.known || desk.rehearsal) return nothing;
    const open = this.list.filter(waits).length;
    const seen = this.questions ? this.list.filter(waits) : this.list;
    const which = (questions: boolean, words: string): TemplateResult =>
      html`<button type="button" aria-pressed=${this.questions === questions} @click=${() => ((this.questions = questions), void this.updateComplete.then(() => this.toEnd()))}>${words}</button>`;
    return html`<section class="sheet chat" aria-labelledby="chat"><header><h2 id="chat">${t.chat}</h2>
        <div class="chat-which" role="group" aria-label=${t.chat}>${which(false, t.chatAll)}${which(true, open ? say(t.chatQuestionsN, { n: open }) : t.chatQuestions)}</div></header>
      ${this.settings && !this.settings.open ? html`<p class="soft">${t.chatClosed}</p>` : nothing}
      <div class="chat-log" tabindex="0" role="group" aria-label=${t.chatKeys} @keydown=${this.key} @scroll=${() => this.unseen && !this.reading() && (this.unseen = 0)}>
        ${this.next && !this.questions ? html`<button type="button" class="chat-earlier" ?disabled=${this.locked} @click=${() => void this.earlier()}>${t.chatEarlier}</button>` : nothing}
        ${seen.length ? html`<ol>${seen.map((c) => this.line(c))}</ol>` : html`<p class="soft">${this.questions ? t.chatNoQuestions : t.chatNone}</p>`}
      </div>
      ${this.unseen ? html`<button type="button" class="chat-news" @click=${() => this.toEnd()}>${say(t.chatNews, { n: this.unseen })}</button>` : nothing}
      <p class="chat-did" role="status">${this.did ? html`<span dir="auto">${this.did.words}</span> <button type="button" class="chat-undo" ?disabled=${this.locked} @click=${this.did.undo}>${t.chatUndo}</button>` : nothing}</p>
      ${this.trouble ? html`<p class="trouble" role="alert">${this.trouble}</p>` : nothing}
      <form class="chat-write" @submit=${this.write} @keydown=${(e: KeyboardEvent) => e.key === 'Escape' && (e.stopPropagation(), (this.replying = undefined))}>
        ${this.replying ? html`<p class="chat-replying"><span dir="auto">${say(t.chatReplyTo, { name: this.replying.name })}: ${this.replying.text.slice(0, 60)}</span><button type="button" @click=${() => (this.replying = undefined)}>${t.chatCancel}</button></p>` : nothing}
        <input name="chat-text" maxlength="300" autocomplete="off" dir="auto" placeholder=${t.chatWrite} aria-label=${t.chatWrite} /><button type="submit" ?disabled=${this.locked || this.busy}>${t.chatSend}</button>
      </form>
      ${this.settings ? settingsForm(this.settings, this.mutes, t, this.language.locale, this.locked || this.busy, {
        save: (s) => void this.save(s), unmute: (viewer) => void this.unmute(viewer),
        csv: desk.access?.token === undefined ? `${home}/api/v1/shows/${encodeURIComponent(this.show)}/chat.csv` : '',
      }) : nothing}
    </section>`;
  }

  private line(c: Comment): TemplateResult {
    const { t } = this;
    const open = this.opened === c.id;
    const to = c.reply_to ? this.list.find((x) => x.id === c.reply_to) : undefined;
    const badge = (kind: string, words: string): TemplateResult => html`<em data-kind=${kind}>${words}</em>`;
    const gone = c.state === 'deleted' ? badge('gone', t.chatDeleted) : c.state === 'erased' ? badge('gone', t.chatErased) : c.state === 'shadow' ? badge('gone', t.chatShadow) : nothing;
    return html`<li data-comment=${c.id} data-state=${c.state} data-by=${c.by} ?data-pinned=${c.pinned}>
      <button type="button" class="chat-line" aria-expanded=${open} @click=${() => this.open(c)}>
        <span class="chat-who"><bdi>${c.name}</bdi>${c.verified ? ' ✓' : nothing}${c.by === 'host' ? badge('host', t.chatHost) : nothing}${c.question ? badge(c.answered ? 'answered' : 'question', c.answered ? t.chatAnswered : t.chatQuestion) : nothing}${c.pinned ? badge('pinned', t.chatPinned) : nothing}${gone}
          <time datetime=${new Date(c.sent * 1000).toISOString()}>${timeOfDay(new Date(c.sent * 1000), this.language.locale).slice(0, 5)}</time></span>
        ${to ? html`<small dir="auto">${say(t.chatReplyTo, { name: to.name })}: ${to.text.slice(0, 60)}</small>` : nothing}
        <span dir="auto">${c.text}${c.likes ? html` <small>♥ ${c.likes}</small>` : nothing}</span>
      </button>${open ? this.acts(c) : nothing}</li>`;
  }

  private acts(c: Comment): TemplateResult {
    const { t } = this;
    const off = this.locked || this.busy;
    const button = (name: string, words: string, act: () => unknown, label = words, title: string | undefined = undefined): TemplateResult =>
      html`<button type="button" class="chat-${name}" ?disabled=${off} aria-label=${label} title=${title ?? nothing} @click=${() => void act()}>${words}</button>`;
    const mute = (name: string, words: string, minutes: number): TemplateResult => button(name, words, () => this.mute(c, minutes), say(t.chatMuteOf, { name: c.name, what: words }));
    if (c.state === 'erased') return html``;
    return html`<div class="chat-acts">
      ${c.state === 'deleted' ? button('restore', t.chatRestore, () => this.restore(c)) : html`${button('reply', t.chatReply, () => this.reply(c))}
        ${c.by === 'host' ? nothing : button('answer', c.answered ? t.chatReopen : t.chatAnswer, () => this.answer(c))}
        ${c.state === 'shown' ? button('pin', c.pinned ? t.chatUnpin : t.chatPin, () => this.pin(c)) : nothing}
        ${button('delete', t.chatDelete, () => this.drop(c))}`}
      ${c.viewer ? html`<span class="chat-mutes" role="group" aria-label=${t.chatMute}><span class="soft" aria-hidden="true">${t.chatMute}</span>${mute('mute5', t.chatMute5, 5)}${mute('mute60', t.chatMute60, 60)}${mute('muteShow', t.chatMuteShow, wholeShow)}${button('hide', t.chatHide, () => this.mute(c, 0, true), say(t.chatMuteOf, { name: c.name, what: t.chatHide }), t.chatHideTip)}</span>` : nothing}
    </div>`;
  }
}

/** Puts the chat before what stands in the side of the dock, and tells it what that knows. */
export function chatBefore(next: Element, desk: Desk, language: Language): void {
  const { parentElement: side, previousElementSibling: was } = next;
  const chat = was instanceof Chat ? was : new Chat();
  Object.assign(chat, { desk, language, locked: desk.locked, show: desk.show || desk.former });
  if (chat !== was) side?.insertBefore(chat, next);
}

if (!customElements.get('mediad-chat')) {
  document.head.append(Object.assign(document.createElement('style'), { textContent: css }));
  customElements.define('mediad-chat', Chat);
}

declare global {
  interface HTMLElementTagNameMap {
    'mediad-chat': Chat;
  }
}
