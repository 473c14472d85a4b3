import { LitElement, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { languageFor, type Language, type Me, type SectionElement, type Studio } from './context.ts';
import { arrive } from './frame/arrive.ts';
import { nav, orgFor, top, type FrameHooks } from './frame/frame.ts';
import { ownTag, say } from '../shared/language.ts';
import { may } from '../shared/may.ts';
import { readErrors } from '../shared/refusals.ts';
import { readSaid } from '../shared/said.ts';
import { hashOf, linkOf, routeOf, type Link, type Route } from './route.ts';
import { own, sections, type Section } from './sections.ts';
import { Session } from './session.ts';
import { wrong } from './wrong.ts';

const chosenOrg = 'mediad-studio-org'; // in localStorage
const toldFor = 8000;

/** `<mediad-studio>`: the page on which a shop is set up. It draws into the page itself, whose style it has. */
export class StudioPage extends LitElement {
  @property({ attribute: 'locale' }) locale = 'en';

  @state() private at: 'opening' | 'gate' | 'in' | 'lost' = 'opening';
  @state() private ended = false;
  @state() private link: Link | undefined;
  @state() private lost = '';
  @state() private route: Route = routeOf('');
  @state() private more = false;
  @state() private account = false;
  @state() private leaving = '';
  @state() private told: { text: string; undo?: (() => Promise<void>) | undefined } | undefined;
  @state() private drawing: SectionElement | 'loading' | 'failed' = 'loading';

  private language!: Language;
  private session!: Session;
  private studio: Studio | undefined;
  private drawn = ''; // the section and the organisation that `drawing` is of
  private timer: ReturnType<typeof setTimeout> | undefined;
  private arriving = (): void => {}; // ends the waiting for what is opened

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    this.language = languageFor(ownTag(this.locale));
    this.session ??= new Session(() => {
      this.ended = this.at === 'in';
      this.leaveTo('gate');
    });
    super.connectedCallback();
    window.addEventListener('hashchange', this.moved);
    window.addEventListener('keydown', this.pressed);
    this.takeLink();
    this.route = routeOf(location.hash);
    void this.look();
    void readErrors(); // without them the server's own words are shown
    void readSaid().then(() => this.requestUpdate());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener('hashchange', this.moved);
    window.removeEventListener('keydown', this.pressed);
    clearTimeout(this.timer);
    this.arriving();
  }

  protected override render(): TemplateResult {
    const { words } = this.language;
    switch (this.at) {
      case 'opening':
        return html`<main class="gate"><p class="soft" role="status">${words.opening}</p></main>`;
      case 'lost':
        return html`<main class="gate"><section class="sheet"><h1>${words.lostHead}</h1><p role="alert">${this.lost}</p><button type="button" class="loud" @click=${() => void this.look()}>${words.tryOnceMore}</button></section></main>`;
      case 'gate':
        return html`<studio-gate .session=${this.session} .language=${this.language} .link=${this.link} festival=${this.route.section === 'festivals' && this.route.rest[0] === 'join' ? this.route.rest[1] ?? '' : ''} .ended=${this.ended}
          .enter=${(me: Me) => void this.enter(me)} .forget=${(to?: Link) => this.keepLink(to)}></studio-gate>`;
    }
    return this.studio ? this.frame(this.studio) : html``;
  }

  private frame(studio: Studio): TemplateResult {
    const { words } = this.language;
    const seen = this.seen(studio);
    return html`<div class="studio">
      ${top(studio, this.hooks)}
      ${nav(seen, (this.closed(studio) ?? this.section(studio))?.id ?? '', studio, this.hooks)}
      <main id="content" tabindex="-1" aria-busy=${this.drawing === 'loading'}>${this.content(studio)}</main>
      ${this.told ? html`<div class="told"><p role="status">${this.told.text}</p>${this.told.undo ? html`<button type="button" @click=${() => void this.takeBack()}>${words.undoDeed}</button>` : nothing}</div>` : nothing}
    </div>`;
  }

  private content(studio: Studio): TemplateResult | SectionElement {
    const { words } = this.language;
    if (!studio.org || !this.section(studio)) return html`<div class="empty"><h1>${words.noRoleHead}</h1><p>${words.noRoleWhy}</p></div>`;
    const closed = this.closed(studio);
    if (closed) return html`<div class="empty"><h1>${say(words.closedHead, { part: closed.name(words) })}</h1><p>${words.closedWhy}</p><a class="button loud" href=${hashOf('')}>${words.closedNext}</a></div>`;
    if (this.drawing === 'loading') return html`<p class="soft" role="status">${words.loadingPart}</p>`;
    if (this.drawing === 'failed') return html`<div class="empty" role="alert"><p>${words.partFailed}</p><button type="button" class="loud" @click=${() => location.reload()}>${words.reloadPage}</button></div>`;
    return this.drawing;
  }

  /** What one may open in the chosen organisation. */
  private seen(studio: Studio): Section[] {
    const rooms = (studio.me.roles ?? []).filter((g) => g.org === studio.org).flatMap((g) => g.rooms ?? []);
    const all = (studio.me.roles ?? []).filter((g) => !g.rooms?.length);
    return sections.filter((s) => s.whole ? may(all, s.need, studio.org) : studio.may(s.need) || rooms.some((room) => studio.may(s.need, studio.org, room)));
  }

  /** A section that the address names, and one's role does not open here. */
  private closed(studio: Studio): Section | undefined {
    return sections.find((s) => s.id === this.route.section && !this.seen(studio).includes(s));
  }

  private section(studio: Studio): Section | undefined {
    const seen = this.seen(studio);
    return [...seen, ...own].find((s) => s.id === this.route.section) ?? seen[0] ?? own[0];
  }

  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    if (this.at !== 'in' || !this.studio) return;
    const section = this.section(this.studio);
    if (!section) return;
    document.title = `${(this.closed(this.studio) ?? section).name(this.language.words)} · ${this.language.words.studioName}`;
    const drawn = `${section.id} ${this.studio.org}`;
    if (this.drawn !== drawn) {
      this.drawn = drawn;
      void this.draw(section, this.studio, drawn);
    } else if (typeof this.drawing === 'object') {
      this.drawing.studio = this.studio;
      this.drawing.rest = this.rest(section);
    }
  }

  private rest(section: Section): readonly string[] {
    return this.route.section === section.id ? this.route.rest : [];
  }

  private async draw(section: Section, studio: Studio, drawn: string): Promise<void> {
    this.drawing = 'loading';
    try {
      await section.load();
    } catch {
      if (this.drawn === drawn) this.drawing = 'failed';
      return;
    }
    if (this.drawn !== drawn) return; // somebody has gone on meanwhile
    const part = document.createElement(section.tag) as SectionElement;
    part.studio = studio;
    part.rest = this.rest(section);
    this.drawing = part;
  }

  // ---- in and out

  private async look(): Promise<void> {
    if (this.link) return this.leaveTo('gate');
    this.at = 'opening';
    const found = await this.session.look();
    if (found === 'in') this.begin();
    else if (found === 'out') this.leaveTo('gate');
    else this.fail(wrong(found, this.language));
  }

  private async enter(me: Me): Promise<void> {
    this.keepLink(undefined);
    const found = await this.session.enter(me);
    if (found === 'in') this.begin();
    else this.fail(wrong(found, this.language));
  }

  private begin(): void {
    this.ended = false;
    this.choose(localStorage.getItem(chosenOrg));
    this.at = 'in';
  }

  private fail(why: string): void {
    this.lost = why;
    this.at = 'lost';
  }

  private leaveTo(at: 'gate'): void {
    // Who is signed in does not need it.
    import('./gate/gate.ts').catch(() => this.fail(this.language.words.partFailed));
    this.at = at;
    this.studio = undefined;
    this.querySelector('studio-search')?.remove();
    this.drawn = '';
    this.account = false;
    document.title = this.language.words.studioName;
  }

  private async leave(everywhere: boolean): Promise<void> {
    const answer = await this.session.leave(everywhere);
    this.leaving = answer ? wrong(answer, this.language) : '';
    if (!answer) this.leaveTo('gate');
  }

  private choose(wish: string | null): void {
    const { session, language } = this;
    const me = session.me!;
    const org = orgFor(session.orgs, wish);
    localStorage.setItem(chosenOrg, org);
    this.studio = {
      client: session.client, me, org, orgs: session.orgs, language,
      may: (action, of = org, room) => may(me.roles, action, of, room),
      go: (route) => (location.hash = hashOf(route)),
      tell: (text, undo) => this.tell(text, undo),
      wrong: (answer) => wrong(answer, language),
      renewed: (now) => {
        session.me = now;
        this.choose(org);
      },
      refresh: async () => {
        await session.refresh();
        if (session.me) this.choose(org);
      },
    };
    this.requestUpdate();
  }

  private tell(text: string, undo?: () => Promise<void>): void {
    this.told = { text, undo };
    clearTimeout(this.timer);
    this.timer = setTimeout(() => (this.told = undefined), toldFor);
  }

  private async takeBack(): Promise<void> {
    const undo = this.told?.undo;
    this.told = undefined;
    await undo?.();
  }

  // ---- the address

  /** A secret in the address leaves it at once; a reload still finds it in the state of this entry of the history. */
  private takeLink(): void {
    const link = linkOf(location.hash);
    if (link) this.keepLink(link);
    else this.link = (history.state as { link?: Link } | null)?.link;
  }

  private keepLink(link: Link | undefined): void {
    this.link = link;
    const clean = new URL(location.href);
    if (linkOf(clean.hash)) clean.hash = '';
    history.replaceState(link?.secret ? { link } : null, '', clean);
  }

  private readonly moved = (): void => {
    const link = linkOf(location.hash);
    if (link) {
      this.keepLink(link);
      return this.leaveTo('gate');
    }
    const before = this.route;
    this.route = routeOf(location.hash);
    this.more = this.account = false;
    this.arriving();
    const content = this.querySelector<HTMLElement>('#content');
    if (before.section !== this.route.section) {
      window.scrollTo(0, 0);
      content?.focus({ preventScroll: true });
    } else if (content) {
      const up = before.rest.length > this.route.rest.length;
      this.arriving = arrive(content, up ? hashOf([before.section, ...before.rest].map(encodeURIComponent).join('/')) : '');
    }
  };

  private readonly pressed = (e: KeyboardEvent): void => {
    if (seeks(e)) {
      e.preventDefault();
      return void this.search();
    }
    if (e.key !== 'Escape' || !(this.account || this.more)) return;
    const button = this.account ? '.who' : '.rest';
    this.account = this.more = false;
    this.querySelector<HTMLElement>(button)?.focus();
  };

  /** Opens the search over everything. */
  private async search(): Promise<void> {
    const { studio } = this;
    if (!studio?.org || this.querySelector('dialog[open]')) return;
    this.more = this.account = false;
    try {
      await import('./search/search.ts');
    } catch {
      return this.tell(this.language.words.partFailed);
    }
    if (this.studio === studio && !this.querySelector('studio-search')) this.append(Object.assign(document.createElement('studio-search'), { studio, sections: this.seen(studio) }));
  }

  private get hooks(): FrameHooks {
    return {
      more: this.more, account: this.account, trouble: this.leaving,
      toggle: (what) => {
        this.leaving = '';
        this.account = what === 'account' && !this.account;
        this.more = what === 'more' && !this.more;
      },
      choose: (org) => this.choose(org),
      leave: (everywhere) => void this.leave(everywhere),
      search: () => void this.search(),
    };
  }
}

/** Whether a key asks for the search: Ctrl and K anywhere, and the slash where nobody types. */
function seeks(e: KeyboardEvent): boolean {
  if (e.isComposing || e.altKey) return false;
  if (e.ctrlKey || e.metaKey) return e.key.toLowerCase() === 'k' && !e.shiftKey;
  return e.key === '/' && !(e.target instanceof Element && e.target.closest('input, textarea, select, [contenteditable]'));
}

customElements.define('mediad-studio', StudioPage);
