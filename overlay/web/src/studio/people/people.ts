import { html, nothing, type TemplateResult } from 'lit';
import { state } from 'lit/decorators.js';
import table from '../../generated/strings/studio-people.ts';
import { home } from '../../shared/server.ts';
import { say } from '../../shared/language.ts';
import type { Schemas } from '../context.ts';
import '../parts/ask.ts';
import { empty } from '../parts/empty.ts';
import { icons } from '../parts/icons.ts';
import { Section } from '../parts/light.ts';
import { listed } from '../parts/listed.ts';
import { newKey } from '../parts/once.ts';
import { Pages } from '../parts/pages.ts';
import { Poll } from '../parts/poll.ts';
import { roles, roleWord, type Role } from '../parts/roles.ts';
import '../parts/secret.ts';
import { moment } from '../parts/when.ts';
import { inviteForm, type Mail } from './invite.ts';
import { postedNote } from './posted.ts';

type Member = Schemas['Member'];

/** As many rows are read anew while a letter is on its way. */
const onePage = 50;

interface Made {
  readonly link: string;
  readonly email: string;
  readonly until: string;
  readonly reset: boolean;
  /** The server sends it, too. */
  readonly mailed: boolean;
}

/** `<studio-people>`: who belongs to the organisation, and who is invited. */
export class People extends Section {
  @state() private inviting = false;
  @state() private trouble = '';
  @state() private busy = false;
  @state() private made: Made | undefined;
  @state() private rowTrouble: { readonly id: string; readonly why: string } | undefined;
  @state() private sends = false;
  @state() private mails = true;
  private key = newKey();
  private members = new Pages<Member>(this, (cursor) =>
    this.studio.client.GET('/api/v1/orgs/{org}/members', { params: { path: { org: this.studio.org }, query: { ...(cursor ? { cursor } : {}) } } }));

  constructor() {
    super();
    // A letter is on its way: the table tells when the mail server has taken it.
    new Poll(this, () => 1500, async () => {
      if (this.members.items.length <= onePage && this.members.items.some((m) => m.posted?.state === 'waiting')) await this.members.load();
    });
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.studio.client.GET('/api/v1/password/reset').then(({ data }) => (this.sends = data?.sends ?? false));
  }

  protected override render(): TemplateResult {
    const { studio, members } = this;
    const words = studio.language.in(table);
    const owners = members.next ? 2 : members.items.filter((m) => m.role === 'owner' && !m.invited).length; // of very many people not all are known
    const alone = members.state === 'there' && !members.next && members.items.length < 2;
    return html`
      <div class="head"><h1>${words.peopleHead}</h1>
        ${this.inviting ? nothing : html`<button type="button" class="loud invite" @click=${() => this.invite()}>${icons.add}${words.inviteSomebody}</button>`}
        <p>${studio.orgs.length < 2 ? words.peopleWhyOne : words.peopleWhy}</p></div>
      ${this.inviting ? inviteForm(studio, this.trouble, this.busy, { sends: this.sends, mails: this.mails, toggle: (on) => (this.mails = on) }, (email, role, mail) => void this.send(email, role, mail), () => this.close()) : nothing}
      ${this.made ? this.link(this.made) : nothing}
      ${listed(members, studio, (items) => html`<div class="sheet table"><table class="rows">
        <thead><tr><th scope="col">${words.personColumn}</th><th scope="col">${words.roleColumn}</th><th scope="col">${words.stateColumn}</th><th scope="col" class="end"><span class="sr">${words.actsColumn}</span></th></tr></thead>
        <tbody>${items.map((m) => this.row(m, alone, owners))}</tbody></table></div>`)}
      ${alone && !this.inviting && !this.made ? empty(icons.people, words.aloneHead, words.aloneWhy) : nothing}`;
  }

  private row(m: Member, alone: boolean, owners: number): TemplateResult {
    const { studio } = this;
    const { words: common, locale } = studio.language;
    const words = studio.language.in(table);
    const self = m.email === studio.me.name;
    const one = studio.orgs.length < 2;
    const stays = m.role === 'owner' && !m.invited && owners < 2;
    return html`<tr data-member=${m.id}>
      <td><strong>${m.name || m.email}</strong>${self ? html` <span class="soft">(${words.thatIsYou})</span>` : nothing}${m.name ? html`<br /><span class="soft small" dir="ltr">${m.email}</span>` : nothing}</td>
      <td data-label=${words.roleColumn}>${m.invited || self ? html`<span class="role">${roleWord(m.role, common)}</span>` : this.choice(m)}</td>
      <td data-label=${words.stateColumn}>${m.invited ? html`<span class="warn">${say(over(m) ? words.invitedOver : words.invitedUntil, { until: moment(m.expires ?? '', locale) })}</span>` : words.isMember}${postedNote(m, studio)}</td>
      <td class="end"><div class="acts">
        ${m.invited || self ? nothing : html`<button type="button" class="quiet reset" @click=${() => void this.reset(m)}>${words.resetLink}<span class="sr">: ${m.email}</span></button>`}
        ${m.invited ? html`<button type="button" class="quiet anew" ?disabled=${this.busy} @click=${() => void this.anew(m)}>${words.newLink}<span class="sr">: ${m.email}</span></button>` : nothing}
        ${stays ? (alone ? nothing : html`<span class="soft small stays">${self ? words.lastOwnerSelf : words.lastOwner}</span>`) : html`<studio-ask class="remove" .words=${common} label=${m.invited ? words.takeBack : words.removeMember} what=${m.email}
          question=${say(m.invited ? words.takeBackAsk : self ? one ? words.leaveAskOne : words.leaveAsk : one ? words.removeAskOne : words.removeAsk, { who: m.name || m.email })} yes=${m.invited ? words.takeBackYes : words.removeYes} .act=${() => this.takeOut(m)}></studio-ask>`}
      </div>${this.rowTrouble?.id === m.id ? html`<p class="trouble" role="alert">${this.rowTrouble.why}</p>` : nothing}</td>
    </tr>`;
  }

  private choice(m: Member): TemplateResult {
    const { words: common } = this.studio.language;
    const words = this.studio.language.in(table);
    const chosen = (e: Event): void => void this.changeRole(m, e.target as HTMLSelectElement);
    return html`<select class="role-choice" aria-label=${say(words.roleOf, { who: m.email })} @change=${chosen}>
      ${roles.map((r) => html`<option value=${r} .selected=${r === m.role}>${roleWord(r, common)}</option>`)}</select>`;
  }

  /** It holds at once, and can be taken back at the foot of the page. */
  private async changeRole(m: Member, field: HTMLSelectElement): Promise<void> {
    const to = field.value as Role;
    if (!(await this.putRole(m, to))) field.value = m.role;
  }

  private async putRole(m: Member, role: Role): Promise<boolean> {
    const { studio } = this;
    const answer = await studio.client.PUT('/api/v1/orgs/{org}/members/{member}/role', { params: { path: { org: studio.org, member: m.id } }, body: { role } });
    this.rowTrouble = answer.data ? undefined : { id: m.id, why: studio.wrong(answer) };
    if (!answer.data) return false;
    const words = studio.language.in(table);
    const back = m.role;
    studio.tell(say(words.roleChanged, { who: m.name || m.email, role: roleWord(role, studio.language.words) }), async () => void (await this.putRole({ ...m, role }, back)));
    await this.members.load();
    return true;
  }

  /** A link is shown once: the server keeps only its hash. */
  private link({ link, email, until, reset, mailed }: Made): TemplateResult {
    const { language } = this.studio;
    const words = language.in(table);
    return html`<section class="sheet stack made" tabindex="-1" aria-labelledby="made">
      <h2 id="made">${say(mailed ? (reset ? words.mailedReset : words.mailedInvite) : reset ? words.resetMade : words.inviteMade, { email })}</h2>
      <p class="soft">${say(mailed ? words.mailedWhy : words.linkOnce, { until: moment(until, language.locale) })}</p>
      <studio-secret .words=${language.words} .value=${link} what=${words.linkName}></studio-secret>
      <div class="acts"><button type="button" class="done" @click=${() => this.forgetLink()}>${mailed ? words.closeNote : words.linkSent}</button></div>
    </section>`;
  }

  private invite(): void {
    this.inviting = true;
    this.made = undefined;
    this.trouble = '';
    this.key = newKey();
    this.focusOn('form [name=email]');
  }

  private close(): void {
    this.inviting = false;
    this.focusOn('.invite');
  }

  private forgetLink(): void {
    this.made = undefined;
    this.focusOn('.invite');
  }

  private async send(email: string, role: Role, mail: Mail): Promise<void> {
    this.busy = true;
    const answer = await this.studio.client.POST('/api/v1/orgs/{org}/members', { params: { path: { org: this.studio.org }, header: { 'Idempotency-Key': this.key } }, body: { email, role, ...(mail ? { mail: true, language: mail } : {}) } });
    this.busy = false;
    this.trouble = this.studio.wrong(answer);
    if (!answer.data) return void (this.key = answer.response.status === 503 ? this.key : newKey());
    this.inviting = false;
    this.show(answer.data, false);
    await this.members.load();
  }

  /** Another link takes the place of one that was lost, or has ended. */
  private async anew(m: Member): Promise<void> {
    this.busy = true;
    const answer = await this.studio.client.POST('/api/v1/orgs/{org}/members', { params: { path: { org: this.studio.org }, header: { 'Idempotency-Key': newKey() } }, body: { email: m.email, role: m.role, ...(this.sends ? { mail: true } : {}) } });
    this.busy = false;
    this.rowTrouble = answer.data ? undefined : { id: m.id, why: this.studio.wrong(answer) };
    if (!answer.data) return;
    this.show(answer.data, false);
    await this.members.load();
  }

  private async reset(m: Member): Promise<void> {
    const answer = await this.studio.client.POST('/api/v1/orgs/{org}/members/{member}/reset', { params: { path: { org: this.studio.org, member: m.id }, header: { 'Idempotency-Key': newKey() }, query: { mail: this.sends } } });
    this.rowTrouble = answer.data ? undefined : { id: m.id, why: this.studio.wrong(answer) };
    if (!answer.data) return;
    this.show(answer.data, true);
    if (answer.data.posted) await this.members.load();
  }

  private async takeOut(m: Member): Promise<string> {
    const answer = await this.studio.client.DELETE('/api/v1/orgs/{org}/members/{member}', { params: { path: { org: this.studio.org, member: m.id } } });
    if (answer.response.ok) {
      await this.members.load();
      const words = this.studio.language.in(table);
      this.studio.tell(say(words.removed, { who: m.name || m.email }));
      this.focusOn('.invite');
    }
    return this.studio.wrong(answer);
  }

  private show({ link, email, expires, posted }: Schemas['LinkBody'], reset: boolean): void {
    this.made = { link: new URL(link, home).href, email, until: expires, reset, mailed: posted !== undefined };
    this.focusOn('.made');
  }
}

const over = (m: Member): boolean => m.expires !== undefined && Date.parse(m.expires) <= Date.now();

customElements.define('studio-people', People);
