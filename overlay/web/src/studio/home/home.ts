import { html, nothing, type TemplateResult } from 'lit';
import { state } from 'lit/decorators.js';
import { icons } from '../parts/icons.ts';
import { Section } from '../parts/light.ts';
import { Poll } from '../parts/poll.ts';
import { wear } from '../parts/wear.ts';
import { hashOf } from '../route.ts';
import { air } from './air.ts';
import { readBegun, readRooms, readSlow, type Begun, type Rooms, type Slow } from './ask.ts';
import { hand } from './hand.ts';
import css from './home.css?text';
import { next } from './next.ts';
import { sales } from './sales.ts';
import { steps } from './steps.ts';
import { wordsOf } from './words.ts';

wear(css);

const every = 10_000; // ms, for each hundred rooms
const slowly = 60_000; // ms, for what changes slowly

/** `<studio-home>`: where one lands: what is on air, what needs a hand, what was sold, what comes next, and on a first day the way there. */
export class Home extends Section {
  @state() private rooms: Rooms | undefined;
  @state() private slow: Slow | undefined;
  @state() private begun: Begun | undefined;
  @state() private trouble = '';
  private asked = -Infinity; // when what changes slowly was asked for
  private wasOn = '';
  private readonly poll = new Poll(this, () => every * Math.max(1, Math.ceil((this.rooms?.all.length ?? 0) / 100)), () => this.look());

  protected override render(): TemplateResult {
    const { studio, rooms, slow, begun, trouble } = this;
    const { language } = studio;
    const words = wordsOf(language);
    const again = (): void => {
      this.asked = -Infinity;
      this.poll.now();
    };
    return html`<div class="head"><h1>${words.homeHead}</h1>${studio.may('run') ? html`<a class="button loud" href=${hashOf('shows/new')}>${icons.add}${words.planShow}</a>` : nothing}</div>
      ${trouble ? html`<div class="acts"><p class="trouble" role="alert">${trouble}</p><button type="button" @click=${again}>${language.words.tryOnceMore}</button></div>` : nothing}
      ${rooms && slow ? html`${begun ? steps(begun, rooms, slow, studio) ?? nothing : nothing}
        <div class="parts">${air(rooms, slow.on, slow.planned, studio)}${hand(rooms, slow, studio)}${slow.sales ? sales(slow.sales, studio) : nothing}${next(slow.planned, rooms, studio)}</div>`
        : trouble ? nothing : html`<p class="soft" role="status">${language.words.loadingPart}</p>`}`;
  }

  private async look(): Promise<void> {
    const { studio } = this;
    if (!studio) return;
    const rooms = await readRooms(studio);
    if ('response' in rooms) return void (this.trouble = studio.wrong(rooms));
    const on = rooms.all.map(({ room: { show } }) => (show ? `${show.id} ${show.state}` : '')).join();
    if (on !== this.wasOn || Date.now() - this.asked >= slowly) { // a show that begins or ends is told at once
      const [slow, begun] = await Promise.all([readSlow(studio), studio.may('goods') && !(this.begun?.goods && this.begun.ended) ? readBegun(studio) : this.begun]);
      if ('response' in slow) return void (this.trouble = studio.wrong(slow));
      this.asked = Date.now();
      this.wasOn = on;
      this.slow = slow;
      this.begun = begun;
    }
    this.trouble = '';
    this.rooms = rooms;
  }
}

customElements.define('studio-home', Home);
