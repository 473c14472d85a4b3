import { LitElement, html, nothing, unsafeCSS, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import '@awesome.me/webawesome/dist/components/button/button.js';
import '@awesome.me/webawesome/dist/components/callout/callout.js';
import '@awesome.me/webawesome/dist/components/input/input.js';
import theme from '@awesome.me/webawesome/dist/styles/themes/default.css?shadow';
import { say } from '../shared/language.ts';
import { charts } from './charts.ts';
import { cueName } from './cue-name.ts';
import { eventOf, readSaid } from '../shared/said.ts';
import { timeOfDay } from '../shared/times.ts';
import { rows } from '../shared/figures.ts';
import type { Health } from '../shared/health.ts';
import { home } from '../shared/server.ts';
import { comingUp, shownNow, type Cancelling, type CancelHooks } from './lists.ts';
import { Media } from './media.ts';
import { aloud, news } from './news.ts';
import { styles } from './panel.css.ts';
import { besideThePicture } from './place.css.ts';
import type { Coming } from './programme.ts';
import { statusLine } from './status-line.ts';
import { Watcher, type State } from './watcher.ts';
import { languageFor, type Language } from './words.ts';

/**
 * `<mediad-operator>`: what the people of a room need while it is live, signed in or with an API token. On a phone it is a line below the
 * picture, in reach of the thumb, which opens to a sheet; where there is room, it stands open beside the picture.
 */
export class OperatorPanel extends LitElement {
  static override styles = [unsafeCSS(theme), ...styles];

  @property() room = '';
  @property({ attribute: false }) locale = 'en';
  /** The sheet is open. */
  @property({ type: Boolean, reflect: true }) open = false;

  @state() private cancelling: Cancelling | undefined;

  private language!: Language;
  private readonly watcher = new Watcher(this, () => this.room);
  private readonly dark = new Media(this, '(prefers-color-scheme: dark)');
  private readonly wide = new Media(this, besideThePicture);
  private was: State | undefined;
  private spoken = '';
  private spokenOf = ''; // the warnings that were announced: a change of their numbers is not
  private done = ''; // what was cancelled last, for screen readers
  private ticks: ReturnType<typeof setInterval> | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    void readSaid(); // until then the server's own words are shown
    this.ticks = setInterval(() => this.requestUpdate(), 1000); // clocks go on between two answers
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.ticks);
  }

  protected override willUpdate(): void {
    const { state } = this.watcher;
    if (state !== this.was && (state === 'ask' || state === 'barred')) this.open = true; // there is nothing to see in a line
    this.was = state;
    if (this.language?.locale !== this.locale) this.language = languageFor(this.locale);
  }

  protected override render(): TemplateResult {
    const { language, watcher } = this;
    const { words, locale } = language;
    const { state, health, programme, traces, admitted } = watcher;
    const open = this.open || this.wide.matches;
    return html`<section class="panel ${this.dark.matches ? 'wa-dark' : 'wa-light'}" aria-label=${words.panel} @keydown=${this.close}>
      ${statusLine(watcher, language, open, this.wide.matches ? undefined : () => (this.open = !this.open))}
      <p class="sr" role="status">${this.saying(state, health)} ${this.done}</p>
      <div id="body" class="body" ?hidden=${!open}>
        ${admitted || state === 'looking' ? nothing : this.form()}
        ${news(state, health, language)}
        ${admitted && health ? html`
          ${shownNow(programme.pinned, language)}
          ${comingUp(programme, watcher.now(), this.cancelling, state === 'away', language, this.cancelHooks)}
          ${health.clicks === undefined ? nothing : html`<p class="clicks">${say(words.clicksInShow, { n: new Intl.NumberFormat(locale).format(health.clicks) })}</p>`}
          ${health.ingest ? html`${charts(traces, language)}${this.figures(health.ingest)}` : nothing}
          ${health.events.length ? this.events(health.events) : nothing}` : nothing}
        ${admitted ? html`<p class="dock"><a href="${home}/dock/${encodeURIComponent(this.room)}">${words.toDock}</a></p>` : nothing}
        ${admitted && watcher.byToken ? html`<wa-button class="forget" appearance="outlined" pill @click=${this.forget}>${words.forgetToken}</wa-button>` : nothing}
      </div>
    </section>`;
  }

  private form(): TemplateResult {
    const { words } = this.language;
    return html`<form class="ask" @submit=${this.enter}>
      <p>${words.signInWhy} <a href="${home}/studio" target="_blank" rel="noopener">${words.signInStudio}</a></p>
      <p>${words.tokenWhy}</p>
      <wa-input id="operator-token" name="token" type="password" label=${words.apiToken} autocomplete="off" spellcheck="false" required></wa-input>
      <wa-button variant="brand" type="submit" pill>${words.showPanel}</wa-button>
    </form>`;
  }

  private figures(i: NonNullable<Health['ingest']>): TemplateResult {
    const { language } = this;
    return html`<details ?open=${this.wide.matches}><summary>${language.words.allNumbers}</summary>
      <dl class="figures">${rows(i, language).map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
    </details>`;
  }

  private events(list: Health['events']): TemplateResult {
    const { language } = this;
    return html`<section aria-labelledby="history"><h3 id="history">${language.words.publisherHistory}</h3>
      <ol class="events">${list.map((e) => html`<li data-kind=${e.kind}><time datetime=${e.at.toISOString()}>${timeOfDay(e.at, language.locale)}</time> ${eventOf(e, language)}</li>`)}</ol></section>`;
  }

  /** The text for screen readers: it changes only when a warning comes or goes, not with each number. */
  private saying(state: State, health: Health | undefined): string {
    const about = [state, health?.live, health?.waiting, ...(health?.warnings ?? []).map((w) => w.code)].join();
    if (about === this.spokenOf) return this.spoken;
    this.spokenOf = about;
    return (this.spoken = aloud(state, health, this.language));
  }

  // ---- what people do

  private readonly enter = (e: SubmitEvent): void => {
    e.preventDefault();
    const field = this.renderRoot.querySelector('wa-input')!;
    const token = (field.value ?? '').trim();
    field.value = '';
    if (token) this.watcher.enter(token);
    this.requestUpdate();
  };

  private readonly forget = (): void => {
    this.open = true;
    this.watcher.leave('ask');
  };

  private readonly close = (e: KeyboardEvent): void => {
    if (e.key !== 'Escape' || !this.open || this.wide.matches) return;
    this.open = false;
    this.focusOn('.bar');
  };

  private readonly cancelHooks: CancelHooks = {
    ask: (cue) => {
      this.cancelling = { cue, state: 'asked' };
      this.focusOn(`[data-cue="${cue.id}"] .keep`);
    },
    keep: (cue) => {
      this.cancelling = undefined;
      this.focusOn(`[data-cue="${cue.id}"] .cancel`);
    },
    cancel: (cue) => void this.cancel(cue),
  };

  private async cancel(cue: Coming): Promise<void> {
    this.cancelling = { cue, state: 'sent' };
    const how = await this.watcher.cancel(cue.id);
    this.cancelling = how === 'done' ? undefined : { cue, state: how };
    this.done = how === 'done' ? say(this.language.words.cancelled, { what: cueName(cue, this.language) }) : '';
    this.focusOn(how === 'done' ? '.coming .cancel, .forget' : `[data-cue="${cue.id}"] .cancel`);
  }

  /** A control that is drawn anew loses the focus: gives it to what takes its place. */
  private focusOn(selector: string): void {
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>(selector)?.focus());
  }
}

customElements.define('mediad-operator', OperatorPanel);

declare global {
  interface HTMLElementTagNameMap {
    'mediad-operator': OperatorPanel;
  }
}
