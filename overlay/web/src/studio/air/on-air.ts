import { LitElement, html, nothing, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import type { Schemas, Studio } from '../context.ts';
import { Poll } from '../parts/poll.ts';
import '../results/brief.ts';
import type { Goods, Line } from '../shows/change.ts';
import { nowNext, readPins } from './now.ts';

const every = 3000; // ms between two looks

/** `<studio-on-air>`: of a show on air, what viewers see and what comes next, with its figures so far; for the page of its room. */
export class OnAir extends LitElement {
  @property({ attribute: false }) studio!: Studio;
  @property({ attribute: false }) room = '';
  @property({ attribute: false }) of!: NonNullable<Schemas['RoomBody']['show']>;
  @state() private pins: readonly Goods[] | undefined;
  @state() private lineup: { readonly lines: readonly Line[]; readonly present: string } | undefined;
  private readonly poll = new Poll(this, () => every, () => this.look());

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): TemplateResult {
    const { studio, room, of, pins, lineup } = this;
    return html`${pins && lineup ? nowNext({ room, pins, ...lineup }, studio, () => this.poll.now()) : nothing}
      ${studio.may('figures', undefined, room) ? html`<studio-brief .studio=${studio} .of=${of}></studio-brief>` : nothing}`;
  }

  private async look(): Promise<void> {
    const { studio, room, of: { id } } = this;
    const [pins, lineup] = await Promise.all([readPins(studio, room), studio.client.GET('/api/v1/shows/{show}/lineup', { params: { path: { show: id } } })]);
    if (id !== this.of.id) return;
    if (pins) this.pins = pins;
    if (lineup.data) this.lineup = { lines: lineup.data.items ?? [], present: lineup.data.line ?? '' };
  }
}

customElements.define('studio-on-air', OnAir);
