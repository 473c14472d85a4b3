import { LitElement, html, nothing, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import table from '../../generated/strings/studio-usage.ts';
import { say } from '../../shared/language.ts';
import type { Schemas, Studio } from '../context.ts';
import { empty } from '../parts/empty.ts';
import { icons } from '../parts/icons.ts';
import { bytes, lasting } from '../parts/size.ts';
import { wear } from '../parts/wear.ts';
import { day } from '../parts/when.ts';
import { hashOf } from '../route.ts';
import css from './usage.css?text';

wear(css);

const mostRooms = 1000;

/** `<studio-usage>`: what the recordings of each room take, the largest first; and, for who runs the server, how its store is. */
export class Usage extends LitElement {
  @property({ attribute: false }) studio!: Studio;
  @property({ attribute: false }) rest: readonly string[] = [];
  @state() private rooms: readonly Schemas['StoredRoom'][] | undefined;
  @state() private retention = '';
  @state() private server: Schemas['StorageReport'] | undefined;
  @state() private trouble = '';

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override firstUpdated(): void {
    void this.look();
  }

  protected override render(): TemplateResult {
    const { studio, rooms } = this;
    const words = studio.language.in(table);
    const { locale } = studio.language;
    const total = (rooms ?? []).reduce((sum, r) => ({ bytes: sum.bytes + r.bytes, duration: sum.duration + r.duration }), { bytes: 0, duration: 0 });
    return html`<div class="head"><h1>${words.usageHead}</h1></div>
      ${this.trouble ? html`<div class="acts"><p class="trouble" role="alert">${this.trouble}</p><button type="button" @click=${() => void this.look()}>${studio.language.words.tryOnceMore}</button></div>` : nothing}
      ${this.server ? this.store(this.server, words) : nothing}
      ${!rooms ? (this.trouble ? nothing : html`<p class="soft" role="status">${studio.language.words.loadingPart}</p>`)
        : !total.bytes ? empty(icons.usage, words.nothingStored, words.nothingWhy)
        : html`<p class="sum">${say(words.together, { size: bytes(total.bytes, locale), length: lasting(total.duration, locale) })}</p>
          <p class="soft">${this.kept(words)}</p>
          <div class="sheet table"><table class="rows"><thead><tr><th scope="col">${words.room}</th><th scope="col">${words.stored}</th><th scope="col">${words.length}</th><th scope="col">${words.broadcasts}</th><th scope="col">${words.oldest}</th></tr></thead>
            <tbody>${[...rooms].sort((a, b) => b.bytes - a.bytes || a.room.localeCompare(b.room)).map((r) => html`<tr data-room=${r.room}>
              <td><a href=${hashOf(`rooms/${encodeURIComponent(r.room)}`)}>${r.title || r.room}</a></td>
              <td data-label=${words.stored}><span class="bar" style=${`--share: ${(100 * r.bytes) / total.bytes}%`}>${bytes(r.bytes, locale)}</span></td>
              <td data-label=${words.length}>${r.duration ? lasting(r.duration, locale) : '–'}</td>
              <td data-label=${words.broadcasts}>${r.broadcasts}</td>
              <td data-label=${words.oldest}>${r.oldest ? day(r.oldest, locale) : '–'}</td></tr>`)}</tbody></table></div>`}`;
  }

  /** How long recordings are kept on this server, if nobody says otherwise. */
  private kept(words: (typeof table)['en']): string {
    const hours = Number(/^(\d+)h$/.exec(this.retention)?.[1] ?? 0);
    if (this.retention === 'forever') return words.keptForever;
    return hours >= 24 ? say(words.keptDays, { n: Math.round(hours / 24) }) : say(words.keptFor, { t: this.retention });
  }

  private store(s: Schemas['StorageReport'], words: (typeof table)['en']): TemplateResult {
    const { locale } = this.studio.language;
    const alarms = s.alarms ?? [];
    return html`<section class="sheet store"><h2>${words.serverHead}</h2>
      ${alarms.length ? html`<ul class="alarms" role="alert">${alarms.map((a) => html`<li class="trouble">${a.text}</li>`)}</ul>` : html`<p class="good">${words.storeWell}</p>`}
      <p>${say(words.inStore, { size: bytes(s.bytes, locale), where: s.kind === 's3' ? words.inBucket : s.kind === 'dir' ? words.onDisk : words.nowhere })}${s.queue.segments ? ` ${say(words.waiting, { size: bytes(s.queue.bytes, locale) })}` : ''}</p>
      ${(s.disks ?? []).map((d) => html`<p class=${d.free * 20 < d.total ? 'warn' : nothing}>${say(d.of === 'data' ? words.freeData : words.freeStore, { free: bytes(d.free, locale), total: bytes(d.total, locale) })}${d.free * 20 < d.total ? ` ${words.freeLow}` : ''}</p>`)}</section>`;
  }

  private async look(): Promise<void> {
    const { client, org } = this.studio;
    const all: Schemas['StoredRoom'][] = [];
    let cursor: string | undefined;
    do {
      const answer = await client.GET('/api/v1/usage', { params: { query: { org, limit: 100, ...(cursor ? { cursor } : {}) } } });
      this.trouble = this.studio.wrong(answer);
      if (!answer.data) return;
      all.push(...(answer.data.items ?? []));
      this.retention = answer.data.retention;
      cursor = answer.data.next;
    } while (cursor && all.length < mostRooms);
    this.rooms = all;
    if (org !== 'home' || !this.studio.may('operate')) return;
    const answer = await client.GET('/api/v1/storage');
    this.trouble = this.studio.wrong(answer);
    this.server = answer.data;
  }
}

customElements.define('studio-usage', Usage);
