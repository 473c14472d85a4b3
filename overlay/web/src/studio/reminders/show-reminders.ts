import { LitElement, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import table from '../../generated/strings/studio-reminders.ts';
import { say } from '../../shared/language.ts';
import type { Schemas, Studio } from '../context.ts';
import type { Show } from '../shows/words.ts';

/** `<show-reminders>`: how many want to be told when a planned show begins, and whether more may. */
export class ShowReminders extends LitElement {
  @property({ attribute: false }) studio!: Studio;
  @property({ attribute: false }) of!: Show;
  @state() private now: Schemas['ReminderBody'] | undefined;
  @state() private trouble = '';
  private read = '';

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override updated(_: PropertyValues): void {
    if (this.read === this.of.id) return;
    this.read = this.of.id;
    void this.look();
  }

  protected override render(): TemplateResult | typeof nothing {
    const { now } = this;
    const { language } = this.studio;
    const words = language.in(table);
    if (!now) return nothing;
    const n = (x: number): string => x.toLocaleString(language.locale);
    return html`<section class="sheet stack" aria-label=${words.reminders}><h2>${words.reminders}</h2>
      <p>${now.booked ? say(words.counts, { booked: n(now.booked), confirmed: n(now.confirmed) }) : words.none}</p>
      ${now.mail || !now.open ? nothing : html`<p class="soft">${now.push ? words.noMail : words.noWay}</p>`}
      ${this.studio.may('run', this.studio.org, this.of.room) ? html`<label class="check"><input type="checkbox" name="reminders" .checked=${now.open} @change=${(e: Event) => void this.set((e.target as HTMLInputElement).checked)} /> <span>${words.offer}</span></label>` : nothing}
      ${this.trouble ? html`<p class="trouble" role="alert">${this.trouble}</p>` : nothing}</section>`;
  }

  private async look(): Promise<void> {
    const { data } = await this.studio.client.GET('/api/v1/shows/{show}/reminders', { params: { path: { show: this.of.id } } });
    this.now = data;
  }

  private async set(open: boolean, undo = false): Promise<void> {
    const words = this.studio.language.in(table);
    const answer = await this.studio.client.PUT('/api/v1/shows/{show}/reminders', { params: { path: { show: this.of.id } }, body: { open } });
    this.trouble = this.studio.wrong(answer);
    if (!answer.data) return void this.look();
    this.now = answer.data;
    this.studio.tell(open ? words.offered : words.notOffered, undo ? undefined : () => this.set(!open, true));
  }
}

customElements.define('show-reminders', ShowReminders);
