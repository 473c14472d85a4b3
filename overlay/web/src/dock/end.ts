import { html, nothing, type TemplateResult } from 'lit';
import type { Desk } from './desk.ts';
import type { Language } from './words.ts';

/** The way to end a show. It is asked once, in its place, since nothing takes it back. */

export interface EndHooks {
  readonly asking: boolean;
  /** The request is on its way. */
  readonly busy: boolean;
  ask(asking: boolean): void;
  end(): void;
}

/** The button, at the top of the page: it is about the show, and no product. On a phone it has one word. */
export const endButton = (desk: Desk, { words }: Language, hooks: EndHooks): TemplateResult | typeof nothing =>
  desk.mayEnd && !hooks.asking ? html`<button type="button" class="end-show" ?disabled=${desk.locked} title=${desk.rehearsal ? words.endRehearsal : words.endShow} aria-label=${desk.rehearsal ? words.endRehearsal : words.endShow} @click=${() => hooks.ask(true)}><span class="whole">${desk.rehearsal ? words.endRehearsal : words.endShow}</span><span class="brief">${words.dockEnd}</span></button>` : nothing;

/** The question, with what it does. */
export function endQuestion(desk: Desk, { words }: Language, hooks: EndHooks): TemplateResult | typeof nothing {
  if (!desk.mayEnd || !hooks.asking) return nothing;
  return html`<div class="end-ask" role="group" aria-labelledby="end-ask" aria-describedby="end-why">
    <h3 id="end-ask">${desk.rehearsal ? words.endRehearsalAsk : words.endAsk}</h3>
    <p id="end-why">${desk.rehearsal ? words.endRehearsalWhy : words.endWhy} ${desk.phase === 'live' ? words.endEncoder : nothing}</p>
    <div class="acts"><button type="button" class="keep" @click=${() => hooks.ask(false)}>${words.endKeep}</button>
      <button type="button" class="danger yes-end" ?disabled=${desk.locked || hooks.busy} @click=${() => hooks.end()}>${desk.rehearsal ? words.endRehearsal : words.endShow}</button></div>
  </div>`;
}
