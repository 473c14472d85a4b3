import { LitElement, html, nothing, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import type { clientOf } from './access.ts';
import { fieldsOf, textOf } from './api.ts';
import { say } from './language.ts';
import css from './push-list.css?text';
import { deedsOf, numbersOf, problemOf, pushWords, stateOf, type Target } from './push.ts';
import { readErrors, refusalIn } from './refusals.ts';

/** `<mediad-push>`: to which other servers a room is sent, how that goes, and a button for each. It draws into the page. */
export class Push extends LitElement {
  @property({ attribute: false }) client!: () => ReturnType<typeof clientOf>;
  @property() room = '';
  @property() locale = 'en';
  @property({ attribute: false }) targets: readonly Target[] = [];
  /** Whether who is here may start and stop. */
  @property({ attribute: false }) mayRun = false;
  /** Nothing can be done now. */
  @property({ attribute: false }) locked = false;
  @property({ attribute: false }) rehearsal = false;
  /** The server's time, in ms since 1970. */
  @property({ attribute: false }) now = Date.now();
  /** What stands there where the room has no targets; "": nothing at all. */
  @property({ attribute: false }) none = '';
  /** What stands below the list. */
  @property({ attribute: false }) how = '';

  @state() private busy = '';
  @state() private trouble = '';

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): TemplateResult | typeof nothing {
    const { targets, none, locale } = this;
    if (!targets.length && !none) return nothing;
    const words = pushWords(locale);
    return html`<section class="sheet push" aria-labelledby="push-head"><h2 id="push-head">${words.pushHead}</h2>
      ${this.rehearsal && targets.length ? html`<p class="soft">${words.pushRehearsal}</p>` : nothing}
      ${targets.length ? html`<ul>${targets.map((t) => this.row(t))}</ul>` : html`<p class="soft">${none}</p>`}
      ${this.trouble ? html`<p class="trouble" role="alert">${this.trouble}</p>` : nothing}
      ${targets.length && this.how ? html`<p class="soft small">${this.how}</p>` : nothing}
    </section>`;
  }

  private row(t: Target): TemplateResult {
    const { locale } = this;
    const words = pushWords(locale);
    const [numbers, problem] = [numbersOf(t, locale), problemOf(t, locale)];
    const label = { start: words.pushStart, now: words.pushNow, stop: words.pushStop };
    return html`<li data-state=${t.state} data-target=${t.name}><div>
        <span class="name" dir="ltr">${t.name}</span> <span class="soft small" dir="ltr">${t.server}</span>
        <p class="state">${stateOf(t, this.now, locale)}</p>
        ${problem ? html`<p dir="auto">${problem}</p>` : nothing}
        ${numbers ? html`<p class="soft">${numbers}</p>` : nothing}
        ${t.dropped ? html`<p>${say(words.pushDropped, { n: new Intl.NumberFormat(locale).format(t.dropped) })}</p>` : nothing}
      </div>${this.mayRun ? html`<div class="deeds">${deedsOf(t).map((deed) => html`<button type="button" class="push-${deed}" ?disabled=${this.locked || this.busy === t.name} aria-label=${say(words.pushOf, { deed: label[deed], what: t.name })} @click=${() => void this.turn(t, deed)}>${label[deed]}</button>`)}</div>` : nothing}</li>`;
  }

  private get unanswered(): string {
    const words = pushWords(this.locale);
    return words.pushUnanswered;
  }

  private async turn(t: Target, deed: 'start' | 'now' | 'stop'): Promise<void> {
    [this.busy, this.trouble] = [t.name, ''];
    const given = { params: { path: { room: this.room, target: t.name } }, signal: AbortSignal.timeout(5000) };
    try {
      const { data, error } = await (deed === 'stop' ? this.client().POST('/api/v1/rooms/{room}/push/{target}/stop', given) : this.client().POST('/api/v1/rooms/{room}/push/{target}/start', given));
      if (data) this.targets = this.targets.map((o) => (o.name === data.name ? data : o));
      else {
        await readErrors();
        const said = textOf(fieldsOf<'ErrorModel'>(error).detail);
        this.trouble = refusalIn(said, this.locale) || said || this.unanswered;
      }
    } catch {
      this.trouble = this.unanswered;
    }
    this.busy = '';
    await this.updateComplete;
    this.querySelector<HTMLElement>(`[data-target='${t.name}'] button`)?.focus();
    this.dispatchEvent(new Event('switched'));
  }
}

if (!customElements.get('mediad-push')) {
  document.head.append(Object.assign(document.createElement('style'), { textContent: css }));
  customElements.define('mediad-push', Push);
}

declare global {
  interface HTMLElementTagNameMap {
    'mediad-push': Push;
  }
}
