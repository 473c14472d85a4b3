import { html, nothing, type TemplateResult } from 'lit';
import { state } from 'lit/decorators.js';
import phrases from '../../generated/strings/dock-polls.ts';
import type { Schemas } from '../../shared/api.ts';
import { inLanguage, say } from '../../shared/language.ts';
import { Asking } from '../asking.ts';
import { patience } from '../desk.ts';
import css from './panel.css?text';

type Poll = Schemas['Poll'];

const most = 50; // polls of a show
const lengths = [0, 30, 60, 120, 300, 600]; // seconds; 0: until a host closes it

/** `<mediad-polls>`: the polls of the show: the open one with its bars, those that are prepared, and those before. */
export class Polls extends Asking {
  @state() private list: readonly Poll[] = [];
  private of: Poll | undefined; // the one that the form changes
  private answers: readonly string[] = ['', '', '', ''];
  protected override readonly every = 2000;

  protected async read(): Promise<void> {
    const { desk } = this;
    const { show } = desk;
    if (!show || desk.locked) return;
    try {
      const { data } = await desk.client().GET('/api/v1/shows/{show}/polls', { params: { path: { show }, query: { limit: most } }, signal: AbortSignal.timeout(patience) });
      if (data && show === desk.show) this.list = data.items ?? [];
    } catch {
      // what stands there stays
    }
  }

  private async make(e: SubmitEvent): Promise<void> {
    e.preventDefault();
    const { desk, of } = this;
    const value = (name: string): string => this.querySelector<HTMLInputElement>(`[name=poll-${name}]`)?.value.trim() ?? '';
    const open = (e.submitter as HTMLButtonElement | null)?.value === 'now';
    const options = this.answers.map((_, i) => value(`option-${i}`)).filter(Boolean);
    const body = { question: value('question'), options, seconds: Number(value('seconds')), hidden: this.querySelector<HTMLInputElement>('[name=poll-hidden]')!.checked };
    const signal = AbortSignal.timeout(patience);
    const done = await this.ask(() => of ? desk.client().PATCH('/api/v1/shows/{show}/polls/{poll}', { params: { path: { show: desk.show, poll: of.id } }, signal, body: { ...body, seconds: body.seconds || null } })
      : desk.client().POST('/api/v1/shows/{show}/polls', { params: { path: { show: desk.show } }, signal, body: { ...body, open, seconds: body.seconds } }));
    if (done) this.close();
    else this.focusOn('[name=poll-question]');
  }

  private turn(p: Poll, deed: 'open' | 'close' | 'delete'): void {
    const { desk } = this;
    const given = { params: { path: { show: desk.show, poll: p.id } }, signal: AbortSignal.timeout(patience) };
    void this.ask(() => deed === 'delete' ? desk.client().DELETE('/api/v1/shows/{show}/polls/{poll}', given)
      : deed === 'open' ? desk.client().POST('/api/v1/shows/{show}/polls/{poll}/open', given) : desk.client().POST('/api/v1/shows/{show}/polls/{poll}/close', given))
      .then((done) => done && this.focusOn(deed === 'open' ? '.poll-close' : '.poll-new'));
  }

  private edit(p?: Poll): void {
    this.of = p;
    this.answers = [0, 1, 2, 3].map((i) => p?.options?.[i] ?? '');
    [this.editing, this.trouble] = [true, ''];
    this.focusOn('[name=poll-question]');
  }

  private close(): void {
    [this.editing, this.trouble, this.of] = [false, '', undefined];
    this.focusOn('.poll-new');
  }

  protected override render(): TemplateResult | typeof nothing {
    const { desk } = this;
    const t = inLanguage(phrases, this.language.locale);
    if (!desk.show || (!desk.maySell && !this.list.length)) return nothing;
    const off = this.locked || this.busy;
    const over = desk.phase === 'ended';
    const trouble = this.trouble ? html`<p class="trouble" role="alert">${this.trouble}</p>` : nothing;
    const open = this.list.find((p) => p.state === 'open');
    const drafts = this.list.filter((p) => p.state === 'draft' && !over);
    const closed = this.list.filter((p) => p.state === 'closed').reverse();
    const some = open || drafts.length ? html`<h3>${t.dockPolls}</h3><ul>${open ? this.row(open, off, over) : nothing}${drafts.map((p) => this.row(p, off || !!open, over))}</ul>` : nothing;
    const before = closed.length ? html`<details><summary>${t.dockPollBefore} (${closed.length})</summary><ul>${closed.map((p) => this.row(p, off || !!open, over))}</ul></details>` : nothing;
    const foot = !desk.maySell || over ? trouble : this.editing ? this.form(off, !!open, trouble)
      : html`${trouble}<button type="button" class="poll-new" ?disabled=${off} title=${t.dockPollTip} @click=${() => this.edit()}>${t.dockPollNew}</button>`;
    return html`${some}${foot}${before}`;
  }

  private form(off: boolean, open: boolean, trouble: TemplateResult | typeof nothing): TemplateResult {
    const t = inLanguage(phrases, this.language.locale);
    const { of } = this;
    const length = (s: number): string => (s === 0 ? t.dockPollByHand : s < 60 ? t.dockPollHalf : say(t.dockPollMinute, { n: s / 60 }));
    return html`<form class="poll-form" aria-label=${of ? t.dockPollChange : t.dockPollNew} @submit=${this.make} @keydown=${(e: KeyboardEvent) => e.key === 'Escape' && (e.stopPropagation(), this.close())}>
      <div class="poll-fields">
        <label class="whole"><span>${t.dockPollQuestion}</span><input name="poll-question" dir="auto" autocomplete="off" maxlength="120" placeholder=${t.dockPollQuestionSuch} .value=${of?.question ?? ''} required /></label>
        ${this.answers.map((a, i) => html`<label><span>${say(t.dockPollOption, { n: i + 1 })}</span><input name="poll-option-${i}" dir="auto" autocomplete="off" maxlength="40" placeholder=${i > 1 ? t.dockPollMaybe : ''} .value=${a} ?required=${i < 2} /></label>`)}
        <label><span>${t.dockPollMinutes}</span><select name="poll-seconds">${lengths.map((s) => html`<option value=${s} ?selected=${s === (of?.seconds ?? 0)}>${length(s)}</option>`)}</select></label>
        <label class="tick"><input name="poll-hidden" type="checkbox" ?checked=${of?.hidden ?? false} /><span>${t.dockPollHidden}</span></label>
      </div>
      ${of ? html`<button type="submit" class="loud" ?disabled=${off}>${t.dockPollSave}</button>` : html`<button type="submit" class="loud" value="now" ?disabled=${off || open}>${t.dockPollNow}</button><button type="submit" value="later" ?disabled=${off}>${t.dockPollKeep}</button>`}
      <button type="button" @click=${() => this.close()}>${t.dockPollCancel}</button>${trouble}
    </form>`;
  }

  private row(p: Poll, off: boolean, over: boolean): TemplateResult {
    const { desk, language: { locale } } = this;
    const t = inLanguage(phrases, locale);
    const button = (name: string, label: string, deed: () => void, loud = ''): TemplateResult =>
      html`<button type="button" class="poll-${name} ${loud}" ?disabled=${off} aria-label=${say(t.dockPollOf, { deed: label, what: p.question })} @click=${deed}>${label}</button>`;
    const left = p.ends_at ? Math.ceil((Date.parse(p.ends_at) - desk.serverNow()) / 1000) : 0;
    const clock = p.state === 'open' && left > 0 ? ` · ${say(t.dockPollLeft, { time: `${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')}` })}` : '';
    const count = p.total === 1 ? t.dockPollOne : say(t.dockPollVotes, { n: p.total.toLocaleString(locale) });
    const deeds = p.state === 'open' ? desk.maySell ? button('close', t.dockPollClose, () => this.turn(p, 'close'), 'loud') : nothing
      : !desk.maySell || over ? nothing
      : p.state === 'draft' ? html`${button('open', t.dockPollOpen, () => this.turn(p, 'open'))}${button('change', t.dockPollChange, () => this.edit(p))}${button('delete', t.dockPollDelete, () => this.turn(p, 'delete'))}`
      : html`${button('open', t.dockPollAgain, () => this.turn(p, 'open'))}${button('delete', t.dockPollDelete, () => this.turn(p, 'delete'))}`;
    return html`<li class="poll" data-state=${p.state}>
      <div class="of"><b dir="auto">${p.question}</b>${p.state === 'draft' ? html`<span dir="auto">${p.options?.join(' · ')}</span>` : html`<span>${p.state === 'open' ? `${t.dockPollIsOpen} · ` : ''}${count}${clock}</span>`}</div>${deeds}
      ${p.state === 'draft' ? nothing : html`<ul class="poll-bars">${p.options?.map((o, i) => {
        const part = p.total ? (p.votes?.[i] ?? 0) / p.total : 0;
        return html`<li style="--part: ${part * 100}%"><span dir="auto">${o}</span><b>${part.toLocaleString(locale, { style: 'percent' })} · ${(p.votes?.[i] ?? 0).toLocaleString(locale)}</b></li>`;
      })}</ul>`}</li>`;
  }
}

if (!customElements.get('mediad-polls')) {
  document.head.append(Object.assign(document.createElement('style'), { textContent: css }));
  customElements.define('mediad-polls', Polls);
}

declare global {
  interface HTMLElementTagNameMap {
    'mediad-polls': Polls;
  }
}
