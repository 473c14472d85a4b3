import { LitElement, html, nothing, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { say } from '../../shared/language.ts';
import type { Schemas, Studio } from '../context.ts';
import '../parts/copy.ts';
import { textOfLadder, rungsOf } from './rungs.ts';
import { wordsOf } from './words.ts';

const soundKbps = 160;
type GPU = 'nvidia' | 'intel' | 'amd' | 'apple' | 'x264';

/** `<studio-ladder>`: the picture sizes that OBS is asked for, and the configuration to paste there. It is read when somebody opens it. */
export class Ladder extends LitElement {
  @property({ attribute: false }) studio!: Studio;
  @property({ attribute: false }) room!: Schemas['RoomBody'];
  @property({ attribute: false }) mayChange = false;
  @property({ attribute: false }) saved!: () => void;
  @state() private gpu: GPU = 'nvidia';
  @state() private text = ''; // of the configuration; '': it is not read
  @state() private busy = false;
  @state() private trouble = '';
  private readFor = ''; // what it was read for

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): TemplateResult {
    const { room, studio } = this;
    const words = wordsOf(studio.language);
    const rungs = room.ladder ?? [];
    const mbits = new Intl.NumberFormat(studio.language.locale, { maximumFractionDigits: 1 }).format((rungs.reduce((sum, r) => sum + r.kbps, 0) + soundKbps) / 1000);
    const kinds: [GPU, string][] = [['nvidia', words.gpuNVIDIA], ['intel', words.gpuIntel], ['amd', words.gpuAMD], ['apple', words.gpuApple], ['x264', words.gpuNone]];
    return html`<details class="sheet ladder" @toggle=${(e: Event) => { if (e.target === e.currentTarget && (e.target as HTMLDetailsElement).open) void this.read(); }}><summary><h2>${words.ladderHead}</h2><span class="soft small">${words.ladderWhat}</span></summary><div class="stack">
      <p class="soft">${words.ladderWhy}</p>
      <table><thead><tr><th scope="col">${words.ladderSize}</th><th scope="col">${words.ladderRate}</th><th scope="col">${words.ladderKbps}</th></tr></thead>
        <tbody>${rungs.map((r) => html`<tr><td>${r.height}p</td><td>${r.fps}</td><td>${r.kbps} kbit/s</td></tr>`)}</tbody></table>
      <p class="soft small">${say(words.ladderSum, { n: mbits })}</p>
      ${this.mayChange ? html`<details><summary>${words.ladderEdit}</summary><form class="stack" @submit=${(e: SubmitEvent) => void this.send(e)}>
        <label class="field"><span>${words.ladderOwn}</span><input name="ladder" dir="ltr" autocomplete="off" spellcheck="false" required .defaultValue=${textOfLadder(rungs)} aria-describedby="ladder-form" /></label>
        <p class="soft small" id="ladder-form">${words.ladderForm}</p>
        <div class="acts"><button class="loud" type="submit" ?disabled=${this.busy}>${words.save}</button>
          ${room.ladder_own ? html`<button type="button" ?disabled=${this.busy} @click=${() => void this.change(null)}>${words.ladderUsual}</button>` : nothing}</div>
      </form></details>` : nothing}
      <ol class="steps">
        <li><label class="field"><span>${words.ladderGPU}</span><select @change=${(e: Event) => { this.gpu = (e.target as HTMLSelectElement).value as GPU; void this.read(); }}>${kinds.map(([id, name]) => html`<option value=${id} ?selected=${id === this.gpu}>${name}</option>`)}</select></label></li>
        <li>${this.text ? html`<studio-copy .words=${studio.language.words} .text=${this.text} .label=${words.ladderCopy}></studio-copy>` : html`<button type="button" disabled>${words.ladderCopy}</button>`}</li>
        <li>${words.ladderPaste}</li>
        <li>${words.ladderKeep}</li>
      </ol>
      ${this.trouble ? html`<p class="trouble" role="alert">${this.trouble}</p>` : nothing}
    </div></details>`;
  }

  protected override updated(): void {
    if (this.readFor && this.readFor !== this.wanted) void this.read();
  }

  private get wanted(): string {
    return `${this.gpu} ${textOfLadder(this.room.ladder ?? [])}`;
  }

  private async read(): Promise<void> {
    const wanted = (this.readFor = this.wanted);
    this.text = '';
    const answer = await this.studio.client.GET('/api/v1/rooms/{room}/obs-config', { params: { path: { room: this.room.slug }, query: { gpu: this.gpu } } });
    if (wanted !== this.readFor) return;
    this.trouble = this.studio.wrong(answer);
    this.text = answer.data === undefined ? '' : JSON.stringify(answer.data, undefined, 2);
  }

  private async send(e: SubmitEvent): Promise<void> {
    e.preventDefault();
    const words = wordsOf(this.studio.language);
    const rungs = rungsOf(String(new FormData(e.target as HTMLFormElement).get('ladder')));
    if (rungs) await this.change(rungs);
    else this.trouble = words.ladderForm;
  }

  private async change(ladder: Schemas['RoomBody']['ladder']): Promise<void> {
    this.busy = true;
    const answer = await this.studio.client.PATCH('/api/v1/rooms/{room}', { params: { path: { room: this.room.slug } }, body: { ladder } });
    this.busy = false;
    this.trouble = this.studio.wrong(answer);
    if (!answer.data) return;
    this.studio.tell(wordsOf(this.studio.language).savedNow);
    this.saved();
  }
}

customElements.define('studio-ladder', Ladder);
