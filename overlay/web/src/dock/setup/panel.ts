import { LitElement, html, nothing, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import phrases from '../../generated/strings/dock-setup.ts';
import { inLanguage, say } from '../../shared/language.ts';
import { refusedWords } from '../asking.ts';
import { patience } from '../desk.ts';
import type { Obs } from '../obs.ts';
import type { Language } from '../words.ts';
import { fitOf, gpuOf, setUp, type Ask, type GPU, type Values } from './obs-setup.ts';

/** `<mediad-obs-setup>`: one click, and the OBS on this computer sends pictures of several sizes to this room. */
export class ObsSetup extends LitElement {
  @property({ attribute: false }) obs!: Obs;
  @property({ attribute: false }) language!: Language;
  @state() private gpu: GPU | undefined; // undefined: nobody has asked for it yet
  @state() private former: string | undefined; // the profile that was there; undefined: it is not set up
  @state() private busy = false;
  @state() private trouble = '';

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  private readonly ask: Ask = async (request, data) => {
    const { socket } = this.obs;
    const words = inLanguage(phrases, this.language.locale);
    if (!socket) throw new Error(words.setupLost);
    return (await socket.call(request as 'GetVersion', data as never)) as unknown as Values;
  };

  /** Looks whether this OBS can, and what encodes there. */
  private async look(): Promise<void> {
    const words = inLanguage(phrases, this.language.locale);
    await this.doing(async () => {
      const { fit, version } = await fitOf(this.ask);
      if (fit === 'fits') this.gpu = await gpuOf(this.ask);
      else this.trouble = fit === 'old' ? say(words.setupOld, { version }) : words.setupStreaming;
    });
  }

  private async go(): Promise<void> {
    const { desk } = this.obs;
    const gpu = this.querySelector('select')?.value as GPU;
    const given = { params: { path: { room: desk.room } }, signal: AbortSignal.timeout(patience) };
    await this.doing(async () => {
      const [room, key, config] = await Promise.all([
        desk.client().GET('/api/v1/rooms/{room}', given), desk.client().GET('/api/v1/rooms/{room}/key', given),
        desk.client().GET('/api/v1/rooms/{room}/obs-config', { ...given, params: { ...given.params, query: { gpu } } }),
      ]);
      const server = room.data?.publish?.secure ?? room.data?.publish?.server;
      for (const answer of [room, key, config]) if (answer.data === undefined) return void (this.trouble = await refusedWords(answer.error, this.language));
      if (!server || !key.data) return;
      this.former = await setUp(this.ask, { profile: `mediad ${desk.room}`, server, key: key.data.stream_key, config: JSON.stringify(config.data) });
    });
  }

  private async back(): Promise<void> {
    await this.doing(async () => {
      await this.ask('SetCurrentProfile', { profileName: this.former });
      this.former = this.gpu = undefined;
    });
  }

  private async doing(what: () => Promise<void>): Promise<void> {
    if (this.busy) return;
    [this.busy, this.trouble] = [true, ''];
    try {
      await what();
    } catch (err) {
      const words = inLanguage(phrases, this.language.locale);
      this.trouble = say(words.setupFailed, { why: err instanceof Error ? err.message : String(err) });
    }
    this.busy = false;
  }

  protected override render(): TemplateResult {
    const words = inLanguage(phrases, this.language.locale);
    const kinds: [GPU, string][] = [['nvidia', 'NVIDIA'], ['intel', 'Intel'], ['amd', 'AMD'], ['apple', 'Apple'], ['x264', words.setupProcessor]];
    const steps = this.former !== undefined
      ? html`<p role="status">${words.setupDone}</p>${this.former ? html`<button type="button" class="setup-back" ?disabled=${this.busy} @click=${() => void this.back()}>${say(words.setupBack, { profile: this.former })}</button>` : nothing}`
      : this.gpu ? html`<label>${words.setupGPU} <select>${kinds.map(([id, name]) => html`<option value=${id} ?selected=${id === this.gpu}>${name}</option>`)}</select></label>
        <button type="button" class="loud setup-go" ?disabled=${this.busy} @click=${() => void this.go()}>${words.setupGo}</button>`
        : html`<button type="button" class="setup-look" ?disabled=${this.busy} @click=${() => void this.look()}>${words.setupLook}</button>`;
    return html`<div class="obs-setup"><h3>${words.setupHead}</h3><p class="soft small">${words.setupWhy}</p>${steps}
      ${this.trouble ? html`<p class="trouble" role="alert">${this.trouble}</p>` : nothing}</div>`;
  }
}

customElements.define('mediad-obs-setup', ObsSetup);
