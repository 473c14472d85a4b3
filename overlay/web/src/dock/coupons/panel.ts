import { html, nothing, type TemplateResult } from 'lit';
import { state } from 'lit/decorators.js';
import phrases from '../../generated/strings/dock-coupons.ts';
import type { Schemas } from '../../shared/api.ts';
import { inLanguage, say } from '../../shared/language.ts';
import { Asking } from '../asking.ts';
import { patience } from '../desk.ts';
import css from './panel.css?text';

type Coupon = Schemas['Coupon'];
type Reward = Schemas['Reward'];

const most = 100; // coupons of a show that are read

/** `<mediad-coupons>`: the coupons of the show, which viewers get by a click: its form, and how they stand. */
export class Coupons extends Asking {
  @state() private list: readonly Coupon[] = [];
  @state() private rewards: readonly Reward[] = []; // coupons that viewers get for points
  protected override readonly every = 3000;

  protected async read(): Promise<void> {
    const { desk } = this;
    const { show } = desk;
    if (!show || desk.locked) return;
    try {
      const { data } = await desk.client().GET('/api/v1/shows/{show}/coupons', { params: { path: { show }, query: { limit: most } }, signal: AbortSignal.timeout(patience) });
      if (data && show === desk.show) this.list = (data.items ?? []).filter((c) => !c.ended);
      const { data: rewards } = await desk.client().GET('/api/v1/shows/{show}/rewards', { params: { path: { show }, query: { limit: most } }, signal: AbortSignal.timeout(patience) });
      if (rewards && show === desk.show) this.rewards = (rewards.items ?? []).filter((r) => !r.ended);
    } catch {
      // what stands there stays
    }
  }

  private async make(e: SubmitEvent): Promise<void> {
    e.preventDefault();
    const { desk } = this;
    const field = (name: string): string => this.querySelector<HTMLInputElement>(`[name=coupon-${name}]`)?.value.trim() ?? '';
    const [total, minutes, points] = [Number(field('total')) || 0, Number(field('minutes')) || 0, Number(field('points')) || 0];
    const given = { params: { path: { show: desk.show } } };
    // One that viewers get for points is not shown: it would be free for everybody.
    const done = await this.ask(async () => {
      const made = await desk.client().POST('/api/v1/shows/{show}/coupons', {
        ...given, signal: AbortSignal.timeout(patience),
        body: { label: field('label'), code: field('code'), shown: !points, ...(total && { limit_total: total }), ...(minutes && { ends_at: new Date(desk.serverNow() + minutes * 60_000).toISOString() }) },
      });
      return points && made.data ? desk.client().POST('/api/v1/shows/{show}/rewards', { ...given, signal: AbortSignal.timeout(patience), body: { coupon: made.data.id, points } }) : made;
    });
    if (done) this.close();
    else this.focusOn('[name=coupon-label]');
  }

  private turn(c: Coupon, deed: 'show' | 'hide' | 'end'): void {
    const { desk } = this;
    const given = { params: { path: { show: desk.show, coupon: c.id } }, signal: AbortSignal.timeout(patience) };
    void this.ask(() => deed === 'end' ? desk.client().DELETE('/api/v1/shows/{show}/coupons/{coupon}', given)
      : deed === 'show' ? desk.client().POST('/api/v1/shows/{show}/coupons/{coupon}/show', given) : desk.client().POST('/api/v1/shows/{show}/coupons/{coupon}/hide', given))
      .then((done) => done && deed === 'end' && this.focusOn('.coupon-new'));
  }

  private close(): void {
    [this.editing, this.trouble] = [false, ''];
    this.focusOn('.coupon-new');
  }

  protected override render(): TemplateResult | typeof nothing {
    const { desk, language: { locale } } = this;
    const t = inLanguage(phrases, locale);
    if (!desk.maySell || !desk.show) return nothing;
    const off = this.locked || this.busy;
    const trouble = this.trouble ? html`<p class="trouble" role="alert">${this.trouble}</p>` : nothing;
    const list = this.list.length ? html`<h3>${t.coupons}</h3><ul>${this.list.map((c) => this.row(c, off))}</ul>` : nothing;
    if (!this.editing) return html`${list}${trouble}<button type="button" class="coupon-new" ?disabled=${off} title=${t.couponTip} @click=${() => ((this.editing = true), this.focusOn('[name=coupon-label]'))}>${t.couponNew}</button>`;
    const number = (name: string, label: string, top: number, placeholder: string): TemplateResult =>
      html`<label><span>${label}</span><input name="coupon-${name}" type="number" inputmode="numeric" min="1" max=${top} placeholder=${placeholder} /></label>`;
    return html`${list}<form class="coupon-form" aria-label=${t.couponNew} @submit=${this.make} @keydown=${(e: KeyboardEvent) => e.key === 'Escape' && (e.stopPropagation(), this.close())}>
      <div class="coupon-fields">
        <label><span>${t.couponLabel}</span><input name="coupon-label" autocomplete="off" maxlength="40" placeholder=${t.couponLabelSuch} required /></label>
        <label><span>${t.couponKnown}</span><input name="coupon-code" autocomplete="off" maxlength="100" dir="ltr" required /></label>
        ${number('total', t.couponTotal, 1_000_000, t.couponAny)}${number('minutes', t.couponMinutes, 1440, t.couponWithShow)}${number('points', t.couponPoints, 100_000, t.couponFree)}
      </div>
      <button type="submit" class="loud" ?disabled=${off}>${t.couponMake}</button><button type="button" @click=${() => this.close()}>${t.couponCancel}</button>${trouble}
    </form>`;
  }

  private row(c: Coupon, off: boolean): TemplateResult {
    const t = inLanguage(phrases, this.language.locale);
    const of = this.rewards.find((r) => r.coupon === c.id);
    const button = (deed: 'show' | 'hide' | 'end', label: string): TemplateResult =>
      html`<button type="button" class="coupon-${deed}" ?disabled=${off} aria-label=${say(t.couponOf, { deed: label, what: c.label })} @click=${() => this.turn(c, deed)}>${label}</button>`;
    return html`<li data-shown=${c.shown}><div class="of"><b dir="auto">${c.label}</b><span><bdi dir="ltr">${c.code}</bdi> · ${c.limit_total ? say(t.couponGotOf, { n: c.got, total: c.limit_total }) : say(t.couponGot, { n: c.got })}${of ? ` · ${say(t.couponFor, { n: of.points, taken: of.taken })}` : nothing}</span></div>
      ${c.shown ? button('hide', t.couponHide) : button('show', t.couponShow)}${button('end', t.couponEnd)}</li>`;
  }
}

if (!customElements.get('mediad-coupons')) {
  document.head.append(Object.assign(document.createElement('style'), { textContent: css }));
  customElements.define('mediad-coupons', Coupons);
}

declare global {
  interface HTMLElementTagNameMap {
    'mediad-coupons': Coupons;
  }
}
