import { html, nothing, type TemplateResult } from 'lit';
import table from '../../generated/strings/studio-tokens.ts';
import type { Studio } from '../context.ts';
import { roles, roleWord, type Role } from '../parts/roles.ts';
import { roomName } from '../parts/room-names.ts';

export interface Wish {
  readonly name: string;
  readonly role: Role;
  /** For these alone; none: for all rooms. */
  readonly rooms: string[];
}

export function tokenForm(studio: Studio, rooms: ReadonlyMap<string, string>, trouble: string, busy: boolean, add: (wish: Wish) => void, close: () => void): TemplateResult {
  const { words: common } = studio.language;
  const words = studio.language.in(table);
  const submit = (e: SubmitEvent): void => {
    e.preventDefault();
    const data = new FormData(e.target as HTMLFormElement);
    add({ name: String(data.get('name')).trim(), role: String(data.get('role')) as Role, rooms: data.getAll('room').map(String) });
  };
  return html`<form class="sheet fields two" @submit=${submit} @keydown=${(e: KeyboardEvent) => { if (e.key === 'Escape') close(); }}>
    <h2 class="wide">${words.addToken}</h2>
    <label class="field"><span>${words.nameColumn}</span><input name="name" maxlength="100" autocomplete="off" required placeholder="OBS" /><small>${words.nameWhy}</small></label>
    <label class="field"><span>${words.roleLabel}</span><select name="role">${roles.map((r) => html`<option value=${r} ?selected=${r === 'assistant'}>${roleWord(r, common)}</option>`)}</select><small>${words.roleWhy}</small></label>
    ${rooms.size > 0 ? html`<fieldset class="field wide"><legend>${words.onlyRooms}</legend><div class="room-choice">
      ${[...rooms.keys()].map((slug) => html`<label class="check"><input type="checkbox" name="room" value=${slug} /><span>${roomName(slug, rooms)}</span></label>`)}</div></fieldset>` : nothing}
    ${trouble ? html`<p class="trouble wide" role="alert">${trouble}</p>` : nothing}
    <div class="acts wide"><button class="loud" type="submit" ?disabled=${busy}>${words.makeToken}</button><button type="button" @click=${close}>${common.keepIt}</button></div>
  </form>`;
}
