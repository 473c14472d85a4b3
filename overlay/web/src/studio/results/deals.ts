import { html, nothing, type TemplateResult } from 'lit';
import type table from '../../generated/strings/studio-results.ts';
import { say } from '../../shared/language.ts';
import { money } from '../../shared/money.ts';
import type { Schemas } from '../context.ts';
import { income } from './products.ts';
import { sharesOf } from './report.ts';
import { clockOf } from './times.ts';

type Words = (typeof table)['en'];
type Deal = Pick<Schemas['OfferResult'], 'rates'>;

/** What came of a show while each of its hosts presented; nothing where nobody said who does. */
export function presenters(all: readonly Schemas['ReportHost'][] | null | undefined, words: Words, locale: string): TemplateResult | typeof nothing {
  if (!all?.length) return nothing;
  return html`<h3>${words.presentersHead}</h3>
    <table class="rows presenters"><thead><tr><th scope="col">${words.presenter}</th><th scope="col" class="number">${words.presenterAir}</th><th scope="col" class="number">${words.productClicks}</th><th scope="col" class="number">${words.orders}</th><th scope="col" class="number">${words.net}</th></tr></thead>
    <tbody>${all.map((h) => html`<tr data-host=${h.host ?? ''}><td>${h.name || words.presenterNobody}</td><td class="number" data-label=${words.presenterAir}>${say(words.presenterMinutes, { n: Math.round(h.on_air / 60).toLocaleString(locale) })}</td>
      <td class="number" data-label=${words.productClicks}>${h.clicks.toLocaleString(locale)}</td><td class="number" data-label=${words.orders}>${h.orders.toLocaleString(locale)}</td><td class="number" data-label=${words.net}>${income(h.money, words, locale)}</td></tr>`)}</tbody></table>
    <p class="soft small">${words.presentersWhy}</p>`;
}

/** What each flash offer and each coupon of a show brought; nothing where there was none. */
export function deals(r: Schemas['Report'], zone: string, words: Words, locale: string): TemplateResult | typeof nothing {
  return html`${r.offers?.length ? offerTable(r.offers, zone, words, locale) : nothing}${r.coupons?.length ? couponTable(r.coupons, words, locale) : nothing}${r.polls?.length ? pollTable(r.polls, words, locale) : nothing}`;
}

function offerTable(all: readonly Schemas['OfferResult'][], zone: string, words: Words, locale: string): TemplateResult {
  const clock = clockOf(60, zone, locale);
  const at = (time: string): string => clock(Date.parse(time) / 1000);
  const open = (o: Schemas['OfferResult']): string =>
    o.opened ? (o.closed ? `${at(o.opened)} – ${at(o.closed)}` : say(words.offerSince, { time: at(o.opened) })) : o.closed ? words.offerNever : words.offerSoon;
  return html`<h3>${words.offersHead}</h3>
    <table class="rows offers"><thead><tr><th scope="col">${words.offer}</th><th scope="col">${words.offerOpen}</th><th scope="col" class="number">${words.offerTaken}</th><th scope="col" class="number">${words.perBuyer}</th>
      <th scope="col" class="number">${words.orders}</th><th scope="col" class="number">${words.net}</th></tr></thead>
    <tbody>${all.map((o) => html`<tr data-offer=${o.offer}><td>${o.title || o.sku || o.product}<br /><span class="soft small">${money(o.price, o.currency, locale)}${o.usual === undefined ? nothing : `, ${say(words.offerUsual, { price: money(o.usual, o.currency, locale) })}`}</span></td>
      <td data-label=${words.offerOpen}>${open(o)}</td><td class="number" data-label=${words.offerTaken}>${share(o, words, locale) ?? html`${o.taken.toLocaleString(locale)}<br /><span class="soft small">${words.noLimit}</span>`}</td>
      <td class="number" data-label=${words.perBuyer}>${o.per_buyer?.toLocaleString(locale) ?? words.noLimit}</td><td class="number" data-label=${words.orders}>${o.orders.toLocaleString(locale)}</td>
      <td class="number" data-label=${words.net}>${income(o.money, words, locale)}</td></tr>`)}</tbody></table>
    <p class="soft small">${words.offersWhy}</p>`;
}

function couponTable(all: readonly Schemas['CouponCount'][], words: Words, locale: string): TemplateResult {
  return html`<h3>${words.couponsHead}</h3>
    <table class="rows coupons"><thead><tr><th scope="col">${words.coupon}</th><th scope="col" class="number">${words.couponGot}</th><th scope="col" class="number">${words.orders}</th><th scope="col" class="number">${words.couponRate}</th><th scope="col" class="number">${words.net}</th></tr></thead>
    <tbody>${all.map((c) => html`<tr data-coupon=${c.coupon}><td>${c.label}</td><td class="number" data-label=${words.couponGot}>${c.got.toLocaleString(locale)}<br /><span class="soft small">${c.offered === undefined ? words.noLimit : say(words.couponOf, { n: c.offered.toLocaleString(locale) })}${c.redeemed ? html`<br />${say(words.couponPoints, { n: c.redeemed.toLocaleString(locale), points: (c.points ?? 0).toLocaleString(locale) })}` : nothing}</span></td>
      <td class="number" data-label=${words.orders}>${c.orders.toLocaleString(locale)}</td><td class="number" data-label=${words.couponRate}>${share(c, words, locale) ?? '–'}</td><td class="number" data-label=${words.net}>${income(c.money, words, locale)}</td></tr>`)}</tbody></table>
    <p class="soft small">${words.couponsWhy}</p>`;
}

function pollTable(all: readonly Schemas['Poll'][], words: Words, locale: string): TemplateResult {
  return html`<h3>${words.pollsHead}</h3>
    <table class="rows polls"><thead><tr><th scope="col">${words.resultPoll}</th><th scope="col">${words.resultPollOption}</th><th scope="col" class="number">${words.resultPollVotes}</th></tr></thead>
    <tbody>${all.map((p) => p.options?.map((o, i) => html`<tr data-poll=${p.id}><td dir="auto">${p.question}</td><td dir="auto" data-label=${words.resultPollOption}>${o}</td><td class="number" data-label=${words.resultPollVotes}>${(p.total ? (p.votes?.[i] ?? 0) / p.total : 0).toLocaleString(locale, { style: 'percent' })}<br /><span class="soft small">${say(words.resultPollShare, { n: (p.votes?.[i] ?? 0).toLocaleString(locale), total: p.total.toLocaleString(locale) })}</span></td></tr>`))}</tbody></table>`;
}

/** The one rate of an offer or a coupon, with both of its figures. */
function share(of: Deal, words: Words, locale: string): TemplateResult | undefined {
  const [rate] = sharesOf(of, words, locale);
  return rate && html`<strong>${rate.share}</strong><br /><span class="soft small">${rate.of}</span>`;
}
