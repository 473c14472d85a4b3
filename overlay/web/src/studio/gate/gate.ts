import { LitElement, html, nothing, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { say } from '../../shared/language.ts';
import type { Answer, Language, Me, Schemas } from '../context.ts';
import { roleWord } from '../parts/roles.ts';
import { moment } from '../parts/when.ts';
import type { Link } from '../route.ts';
import type { Session } from '../session.ts';
import { wrong } from '../wrong.ts';
import { otherLanguage } from '../frame/other.ts';
import { currency, email, passwordIn, password, person, shop, textIn } from './fields.ts';
import type { registerScreen } from '../festivals/register.ts';
import type { Forgotten, forgotScreen } from '../forgotten/forgotten.ts';

/** `<studio-gate>`: what stands before the studio: signing in, the first owner, an invitation, a new password. */
export class Gate extends LitElement {
  @property({ attribute: false }) session!: Session;
  @property({ attribute: false }) language!: Language;
  /** The link that the page was opened by. */
  @property({ attribute: false }) link: Link | undefined;
  /** The link of an invitation to a festival that the address leads to; '': it leads elsewhere. */
  @property() festival = '';
  /** Somebody was signed in until now. */
  @property({ type: Boolean }) ended = false;
  /** Somebody is let in. */
  @property({ attribute: false }) enter!: (me: Me) => void;
  /** The link is used up, or not wanted any more. */
  @property({ attribute: false }) forget!: (to?: Link) => void;

  @state() private invited: Schemas['InvitedBody'] | undefined;
  @state() private dead = '';
  @state() private unread = '';
  /** The first owner is there, and needs no setting up; true until the server has said it. */
  @state() private owned = true;
  @state() private trouble = '';
  @state() private busy = false;
  @state() private forgotten: Forgotten | undefined;
  private forgotScreen: typeof forgotScreen | undefined;
  @state() private joins: Schemas['Participation'] | undefined;
  private registerScreen: typeof registerScreen | undefined;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override firstUpdated(): void {
    void this.session.client.GET('/api/v1/password/reset').then(({ data }) => (this.owned = data?.has_owner ?? true)); // without an answer signing in says what is wrong
    if (location.hash !== '#forgot') return; // the dock leads here
    history.replaceState(null, '', location.pathname + location.search);
    void this.forgot('');
  }

  protected override willUpdate(changed: Map<string, unknown>): void {
    if (changed.has('link')) {
      this.trouble = this.dead = this.unread = '';
      this.invited = undefined;
      if (this.link && this.link.kind !== 'setup') void this.read(this.link.secret);
    }
    if (changed.has('festival')) {
      this.joins = undefined;
      if (this.festival) void this.invite(this.festival);
    }
  }

  protected override updated(changed: Map<string, unknown>): void {
    if (changed.has('link') || changed.has('invited') || changed.has('joins')) this.querySelector<HTMLInputElement>('input:not([readonly], [type=hidden])')?.focus();
  }

  protected override render(): TemplateResult {
    return html`<main class="gate">${this.screen()}<p class="other">${otherLanguage(this.language, this.link)}</p></main>`;
  }

  private screen(): TemplateResult {
    const { link, invited, language: { words } } = this;
    if (link?.kind === 'setup') return this.setUp(link.secret);
    if (!link && (this.forgotten?.at === 'asking' || this.forgotten?.at === 'sent')) return this.forgotScreen!(this.language, this.forgotten, this.busy, this.trouble, (to) => void this.ask(to), () => this.back());
    if (this.dead) return html`<section class="sheet"><h1>${words.linkDeadHead}</h1><p role="alert">${this.dead}</p><button type="button" class="loud" @click=${() => this.forget()}>${words.signIn}</button></section>`;
    if (this.unread && link) {
      return html`<section class="sheet"><h1>${words.lostHead}</h1><p role="alert">${this.unread}</p>
        <button type="button" class="loud" @click=${() => void this.read(link.secret)}>${words.tryOnceMore}</button></section>`;
    }
    if (link && !invited) return html`<section class="sheet"><p role="status">${words.readingLink}</p></section>`;
    if (!link && this.joins) return this.registerScreen!(this.language, this.joins, this.busy, this.trouble, (form) => void this.register(form), () => (this.joins = undefined));
    return link && invited ? this.accept(link.secret, invited) : this.signIn();
  }

  private signIn(): TemplateResult {
    const { words } = this.language;
    return this.form(this.ended ? words.endedHead : words.signInHead, this.ended ? words.endedWhy : '', html`
      ${email(words)} ${password(words, words.passwordLabel, false)}`, words.signIn,
      (form) => this.session.client.POST('/api/v1/session', { body: { email: textIn(form, 'email'), password: passwordIn(form) } }), html`
      <button type="button" class="plain forgot" @click=${(e: Event) => void this.forgot(textIn((e.target as HTMLButtonElement).form!, 'email'))}>${words.forgotHead}</button>
      ${this.forgotten ? html`<p class="soft" role="status">${words.forgotHow}</p>` : nothing}
      ${this.owned ? nothing : html`<button type="button" class="plain" @click=${() => this.forget({ kind: 'setup', secret: '' })}>${words.firstStart}</button>`}`);
  }

  private setUp(secret: string): TemplateResult {
    const { words, locale } = this.language;
    return this.form(words.setUpHead, words.setUpWhy, html`
      ${secret ? nothing : html`<label class="field"><span>${words.adminTokenLabel}</span><input name="token" type="password" dir="ltr" autocomplete="off" spellcheck="false" required />
        <small>${words.adminTokenHow} <code dir="ltr">mediad token create --role owner</code></small></label>`}
      ${shop(words)} ${currency(words, locale)} ${person(words)} ${email(words)} ${password(words, words.passwordLabel, true)}`, words.createAccount,
      (form) => this.found(secret, form), html`
      <button type="button" class="plain" @click=${() => this.forget()}>${words.haveAccount}</button>`);
  }

  /** Makes the first owner, and gives the shop its currency: where that fails, Settings still has the field. */
  private async found(secret: string, form: HTMLFormElement): Promise<Answer & { data?: Me }> {
    const { session } = this;
    const answer = await session.client.POST('/api/v1/session', { body: { token: secret || textIn(form, 'token'), shop: textIn(form, 'shop'), name: textIn(form, 'name'), email: textIn(form, 'email'), password: passwordIn(form) } });
    const org = answer.data?.roles?.[0]?.org;
    if (answer.data && org) {
      session.me = answer.data; // the change is made in the name of the new owner
      await session.client.PATCH('/api/v1/orgs/{org}', { params: { path: { org } }, body: { currency: textIn(form, 'currency') } }).catch(() => undefined);
    }
    return answer;
  }

  private accept(token: string, { email: address, organisation, role, by, known, expires }: Schemas['InvitedBody']): TemplateResult {
    const { words, locale } = this.language;
    const invites = organisation !== undefined;
    const held = invites && known;
    const head = invites ? say(words.inviteHead, { org: organisation }) : say(words.resetHead, { email: address });
    const why = invites ? say(by.includes('@') ? words.inviteWhy : words.inviteBare, { by, email: address, role: roleWord(role ?? '', words), until: moment(expires, locale) }) : words.resetWhy;
    return this.form(head, why, html`
      ${held ? html`<p>${words.inviteKnown}</p>` : nothing}
      <input type="hidden" name="email" autocomplete="username" .value=${address} />
      ${invites && !known ? person(words) : nothing}
      ${password(words, held ? words.passwordLabel : words.newPassword, !held)}`, invites ? words.acceptInvitation : words.savePassword,
      (form) => this.session.client.POST('/api/v1/invitations/accept', { body: { token, name: textIn(form, 'name'), password: passwordIn(form) } }));
  }

  private form(head: string, why: string, fields: TemplateResult, act: string, send: (form: HTMLFormElement) => Promise<Answer & { data?: Me }>, more?: TemplateResult): TemplateResult {
    const { words } = this.language;
    const submit = (e: SubmitEvent): void => {
      e.preventDefault();
      void this.send(send(e.target as HTMLFormElement));
    };
    return html`<form class="sheet" @submit=${submit} aria-busy=${this.busy}>
      <p class="brand">mediad</p>
      <h1>${head}</h1>
      ${why ? html`<p class="soft">${why}</p>` : nothing}
      ${fields}
      ${this.trouble ? html`<p class="trouble" role="alert">${this.trouble}</p>` : nothing}
      <button class="loud" type="submit" ?disabled=${this.busy}>${this.busy ? words.signingIn : act}</button>
      ${more ? html`<div class="more">${more}</div>` : nothing}
    </form>`;
  }

  /** Where the server sends mail, one is asked for the address; elsewhere an owner helps. */
  private async forgot(typed: string): Promise<void> {
    const answer = await this.session.client.GET('/api/v1/password/reset');
    this.trouble = wrong(answer, this.language);
    if (!answer.data) return;
    if (answer.data.sends) this.forgotScreen = (await import('../forgotten/forgotten.ts')).forgotScreen;
    this.forgotten = { at: answer.data.sends ? 'asking' : 'by hand', email: typed };
    await this.updateComplete;
    if (answer.data.sends) this.querySelector<HTMLInputElement>('[name=email]')?.focus();
  }

  private async ask(to: string): Promise<void> {
    this.busy = true;
    const answer = await this.session.client.POST('/api/v1/password/reset', { body: { email: to, language: /^zh\b/i.test(this.language.locale) ? 'zh' : 'en' } });
    this.busy = false;
    this.trouble = wrong(answer, this.language);
    if (!answer.response.ok) return;
    this.forgotten = { at: 'sent', email: to };
    await this.updateComplete;
    this.querySelector<HTMLElement>('.forgotten')?.focus();
  }

  private back(): void {
    this.forgotten = undefined;
    this.trouble = '';
    void this.updateComplete.then(() => this.querySelector<HTMLElement>('.forgot')?.focus());
  }

  private async send(sent: Promise<Answer & { data?: Me }>): Promise<void> {
    this.busy = true;
    this.trouble = '';
    const answer = await sent;
    this.busy = false;
    if (answer.data) this.enter(answer.data);
    else this.trouble = wrong(answer, this.language);
  }

  /** A festival invites: who has no account makes one here. A link that does not hold any more leads to signing in, as any address. */
  private async invite(token: string): Promise<void> {
    const [answer, screen] = await Promise.all([this.session.client.POST('/api/v1/festival-invitations/read', { body: { token } }), import('../festivals/register.ts')]);
    this.registerScreen = screen.registerScreen;
    if (this.festival === token) this.joins = answer.data;
  }

  private async register(form: HTMLFormElement): Promise<void> {
    const sent = this.session.client.POST('/api/v1/festival-invitations/register', { body: { token: this.festival, shop: textIn(form, 'shop'), currency: textIn(form, 'currency'), name: textIn(form, 'name'), email: textIn(form, 'email'), password: passwordIn(form) } });
    if ((await sent).data) location.hash = '#/festivals'; // the link is used up
    await this.send(sent);
  }

  private async read(token: string): Promise<void> {
    const answer = await this.session.client.POST('/api/v1/invitations/read', { body: { token } });
    this.unread = '';
    if (answer.data) this.invited = answer.data;
    else if (answer.response.status >= 500 || answer.response.status === 429) this.unread = wrong(answer, this.language); // the link may be good
    else this.dead = wrong(answer, this.language);
  }
}

customElements.define('studio-gate', Gate);
