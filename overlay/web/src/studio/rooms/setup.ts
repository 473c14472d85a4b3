import { LitElement, html, nothing, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import type { Schemas, Studio } from '../context.ts';
import { choices, keptWords } from './kept.ts';
import { wordsOf } from './words.ts';

type Latency = Schemas['RoomBody']['latency'];

/**
 * `<studio-setup>`: the room's title, how far viewers are behind, and how long its shows are kept. What somebody has changed stays, while the page looks again and again
 * how the room is: that changes defaults alone.
 */
export class Setup extends LitElement {
  @property({ attribute: false }) studio!: Studio;
  @property({ attribute: false }) room!: Schemas['RoomBody'];
  /** Whether it is closed at first. */
  @property({ attribute: false }) folded = false;
  @property({ attribute: false }) saved!: () => void;
  @state() private busy = false;
  @state() private trouble = '';

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): TemplateResult {
    const { room, studio } = this;
    const words = wordsOf(studio.language);
    const classes: [Latency, string, string][] = [['low', words.latencyLow, words.latencyLowWhy], ['balanced', words.latencyBalanced, words.latencyBalancedWhy], ['mass', words.latencyMass, words.latencyMassWhy]];
    return html`<details class="sheet setup" ?open=${!this.folded}><summary><h2 id="setup-head">${words.setupHead}</h2><span class="soft small">${words.setupWhat}</span></summary><form class="stack" aria-labelledby="setup-head" @submit=${(e: SubmitEvent) => void this.send(e)}>
      <label class="field"><span>${words.roomTitle}</span><input name="title" maxlength="150" required .defaultValue=${room.title} /></label>
      <fieldset class="classes"><legend>${words.latencyHead}</legend>
        ${classes.map(([id, name, why]) => html`<label class="check"><input type="radio" name="latency" value=${id} .defaultChecked=${room.latency === id} aria-describedby=${`why-${id}`} /><span><strong>${name}</strong><small class="soft" id=${`why-${id}`}>${why}</small></span></label>`)}
        ${room.live ? html`<p class="soft small">${words.latencyNext}</p>` : nothing}
      </fieldset>
      <label class="field"><span>${words.keepHead}</span><select name="retention">${choices(room.retention).map((c) => html`<option value=${c} ?selected=${c === room.retention}>${keptWords(c, words, studio.language.locale)}</option>`)}</select><small>${words.keepWhy}</small></label>
      <div class="acts"><button class="loud" type="submit" ?disabled=${this.busy}>${words.save}</button>${this.trouble ? html`<p class="trouble" role="alert">${this.trouble}</p>` : nothing}</div>
    </form></details>`;
  }

  private async send(e: SubmitEvent): Promise<void> {
    e.preventDefault();
    const form = new FormData(e.target as HTMLFormElement);
    this.busy = true;
    const answer = await this.studio.client.PATCH('/api/v1/rooms/{room}', { params: { path: { room: this.room.slug } },
      body: { title: String(form.get('title')), latency: String(form.get('latency')) as Latency, retention: String(form.get('retention')) } });
    this.busy = false;
    this.trouble = this.studio.wrong(answer);
    if (!answer.data) return;
    const words = wordsOf(this.studio.language);
    this.studio.tell(words.savedNow);
    this.saved();
  }
}

customElements.define('studio-setup', Setup);
