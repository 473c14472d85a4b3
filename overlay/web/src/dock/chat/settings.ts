import { html, nothing, type TemplateResult } from 'lit';
import type { Words } from '../../generated/strings/dock-chat.ts';
import type { Schemas } from '../../shared/api.ts';
import { say } from '../../shared/language.ts';
import { timeOfDay } from '../../shared/times.ts';

type Settings = Schemas['ChatSettings'];

const slows = [0, 3, 5, 10, 30, 60, 120]; // seconds

export interface SettingsActs {
  save(s: Settings): void;
  unmute(viewer: string): void;
  /** Where the comments are downloaded; "": a token cannot be sent with a link. */
  readonly csv: string;
}

/** How the chat of the room is set, and who may not write there. */
export function settingsForm(s: Settings, mutes: readonly Schemas['Mute'][], t: Words, locale: string, off: boolean, act: SettingsActs): TemplateResult {
  const tick = (name: string, words: string, on: boolean, change: (on: boolean) => Partial<Settings>): TemplateResult =>
    html`<label class="chat-tick"><input type="checkbox" name=${name} .checked=${on} ?disabled=${off} @change=${(e: Event) => act.save({ ...s, ...change((e.target as HTMLInputElement).checked) })} /><span>${words}</span></label>`;
  const words = (e: Event): void => {
    e.preventDefault();
    const text = (e.target as HTMLElement).querySelector('textarea')?.value ?? '';
    act.save({ ...s, words: text.split('\n').map((w) => w.trim()).filter(Boolean) });
  };
  const all = [...new Set([...slows, s.slow])].sort((a, b) => a - b);
  return html`<details class="chat-settings"><summary>${t.chatSettings}</summary>
    <p class="soft small">${t.chatRoom}</p>
    ${tick('chat-open', t.chatOpen, s.open, (open) => ({ open }))}
    <label class="chat-slow"><span>${t.chatSlow}</span><select name="chat-slow" ?disabled=${off} @change=${(e: Event) => act.save({ ...s, slow: Number((e.target as HTMLSelectElement).value) })}>
      ${all.map((n) => html`<option value=${n} ?selected=${n === s.slow}>${n ? say(t.chatSlowN, { n }) : t.chatSlowOff}</option>`)}</select></label>
    ${tick('chat-links', t.chatLinks, s.links, (links) => ({ links }))}
    ${tick('chat-signed', t.chatSigned, s.names === 'signed', (on) => ({ names: on ? 'signed' : 'free' }))}
    <form class="chat-words" @submit=${words}><label><span>${t.chatWords}</span><textarea name="chat-words" rows="4" dir="auto" @keydown=${(e: Event) => e.stopPropagation()} .value=${(s.words ?? []).join('\n')}></textarea></label><button type="submit" ?disabled=${off}>${t.chatSave}</button></form>
    ${mutes.length ? html`<h3>${t.chatMutes}</h3><ul>${mutes.map((m) => {
      const name = m.name || m.viewer;
      return html`<li data-muted=${m.viewer}><span><bdi>${name}</bdi> <small class="soft">${m.shadow ? t.chatHide : m.until ? say(t.chatUntil, { t: timeOfDay(new Date(m.until), locale).slice(0, 5) }) : t.chatForGood}</small></span>
        <button type="button" ?disabled=${off} aria-label=${say(t.chatUnmuteOf, { name })} @click=${() => act.unmute(m.viewer)}>${t.chatUnmute}</button></li>`;
    })}</ul>` : nothing}
    ${act.csv ? html`<a class="button" href=${act.csv} download>chat.csv</a>` : nothing}
  </details>`;
}
