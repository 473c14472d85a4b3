// What a test asks of a page that plays.
import assert from 'node:assert/strict';
import { until } from './mediad.mjs';

/** What f gives of the player: f gets <mediad-player>, what is inside it, and arg. It runs in the page, so it sees nothing around it. */
export const inPlayer = (page, f, arg) => page.evaluate(([f, arg]) => {
  const el = document.querySelector('mediad-player');
  return new Function('el', 'root', 'arg', `return (${f})(el, root, arg)`)(el, el.shadowRoot, arg);
}, [String(f), arg]);

/** Waits until the player is live, in a replay, ended or whatever is wanted. */
export const playerIs = (page, state, ms = 25000) =>
  until(`the player is ${state} at ${page.url()}`, () => page.evaluate((s) => document.querySelector('mediad-player')?.dataset.state === s, state), ms);

/** Waits until the page's video moves. */
export async function playing(page, ms = 25000) {
  await until(`playback begins at ${page.url()}`, () => page.evaluate(() => window.seen.positions.some((p) => p.at > 0.5)), ms);
}

/** A wish and what the page shows instead, for `until`: the player's state, its picture, what of it the browser holds, and the card. */
export const instead = (wish, page) => async () => {
  const there = await inPlayer(page, (el, root) => {
    const v = root.querySelector('video');
    const buffered = Array.from({ length: v?.buffered.length ?? 0 }, (_, i) => [v.buffered.start(i), v.buffered.end(i)].map((t) => Math.round(t * 10) / 10));
    return { ...el.dataset, at: v?.currentTime, paused: v?.paused, ready: v?.readyState, buffered, bar: root.querySelector('input.seek')?.getAttribute('aria-valuetext'), notice: root.querySelector('.notice')?.textContent };
  }).catch((e) => String(e));
  const stood = await page.evaluate(() => window.seen?.positions.slice(-30).map((p) => `${Math.round(p.wall)}:${p.at.toFixed(1)}`).join(' ')).catch(() => '');
  return `${wish}\n${JSON.stringify({ there, card: await card(page).catch(() => null) })}\n${stood}`;
};

/** For how many seconds of media the picture has moved, from the first place that it came to: a live one is far behind the beginning. */
export function played(positions) {
  const first = positions.find((p) => p.at > 0.5);
  return first ? positions.at(-1).at - first.at : 0;
}

/** The longest time, in seconds, for which the picture stood still, once it had begun to move. */
export function longestStall(positions) {
  const first = positions.findIndex((p) => p.at > 0.05);
  let longest = 0;
  let since = positions[first];
  for (const p of positions.slice(first)) {
    if (p.at > since.at + 0.01) since = p;
    else longest = Math.max(longest, (p.wall - since.wall) / 1000);
  }
  return longest;
}

/** Each time for which the picture stood still for half a second or more, in words, for who reads why a test failed. */
export function stalls(positions) {
  const begun = positions.findIndex((p) => p.at > 0.05);
  const moves = positions.slice(begun).filter((p, i, all) => i === 0 || p.at > all[i - 1].at + 0.01 || i === all.length - 1);
  const long = moves.slice(1).map((p, i) => ({ s: (p.wall - moves[i].wall) / 1000, ...moves[i] })).filter(({ s }) => s >= 0.5);
  return `stood still: ${long.map(({ s, wall, at, ahead }) => `${s.toFixed(1)} s at ${at.toFixed(1)} (${(wall / 1000).toFixed(1)} s of the page${ahead === undefined ? '' : `, ${ahead.toFixed(1)} s held`})`).join(', ') || 'never for long'}`;
}

/**
 * From now on notes the media time and the moment of each picture that comes on the screen, in window.shown, and from which to which
 * media time the browser holds sound and picture, in window.held.
 */
export async function notePictures(page) {
  await page.evaluate(() => {
    window.shown = [];
    window.held = [];
    const video = document.querySelector('video');
    const next = () => video.requestVideoFrameCallback((now, { mediaTime }) => { window.shown.push({ at: mediaTime, wall: now }); next(); });
    next();
    const began = video.currentTime;
    setInterval(() => {
      for (let i = 0; i < video.buffered.length; i++) if (video.buffered.end(i) > began) window.held.push([video.buffered.start(i), video.buffered.end(i)]);
    }, 100);
  });
}

// How long each picture stood, in seconds, while its media went on. A seek passes media in no time, and a busy machine takes longer than
// the media: neither is a picture that stands.
const standing = (shown) => shown.slice(1).map((p, i) => Math.min(p.at - shown[i].at, (p.wall - shown[i].wall) / 1000));

/** The longest time, in seconds, for which one picture stood on the screen while its media went on. */
export function longestPicture(shown) {
  return shown.length < 2 ? Infinity : Math.max(...standing(shown));
}

/** Which share of the time pictures stood for longer than so many seconds: a machine that is busy for a moment changes it little. */
export function shareOfStanding(shown, seconds) {
  if (shown.length < 2) return 1;
  const long = standing(shown).filter((s) => s > seconds);
  return long.reduce((sum, s) => sum + s, 0) / ((shown.at(-1).wall - shown[0].wall) / 1000);
}

/** The longest hole, in seconds, in the media that the browser held at any time: what a player lost, however busy the machine was. */
export function longestHole(held) {
  let end = Infinity;
  let longest = 0;
  for (const [from, to] of held.toSorted((a, b) => a[0] - b[0])) {
    longest = Math.max(longest, from - end);
    end = end === Infinity ? to : Math.max(end, to);
  }
  return held.length ? longest : Infinity;
}

/** Events by seq: each must have come exactly once. */
export function onceEach(cues, seqs) {
  const count = new Map();
  for (const c of cues) if (c && c.kind !== 'state') count.set(c.seq, (count.get(c.seq) ?? 0) + 1);
  for (const seq of seqs) assert.equal(count.get(seq), 1, `event ${seq} came ${count.get(seq) ?? 0} times`);
}

/** Gathers what <mediad-player> says, before the page's own scripts run. */
export function listen(context) {
  return context.addInitScript(() => {
    const seen = (window.seen = { cues: [], pins: [], positions: [], errors: [] });
    addEventListener('error', (e) => seen.errors.push(String(e.message)));
    const video = () => document.querySelector('mediad-player')?.shadowRoot?.querySelector('video');
    document.addEventListener('mediad:cue', (e) => seen.cues.push({ ...e.detail, now: video()?.currentTime, wall: Date.now() }));
    document.addEventListener('product-pin', (e) => seen.pins.push(e.detail.product.id));
    setInterval(() => {
      const v = video();
      if (v) seen.positions.push({ wall: performance.now(), at: v.currentTime, ahead: v.buffered.length ? v.buffered.end(v.buffered.length - 1) - v.currentTime : 0 });
    }, 100);
  });
}

/** The product card that a person sees now: its id and text, or null. */
export function card(page) {
  return page.evaluate(() => {
    const el = document.querySelector('mediad-player')?.shadowRoot?.querySelector('.card.big[data-product-id]');
    if (!el) return null;
    const box = el.getBoundingClientRect();
    if (!box.width || !box.height || box.bottom > innerHeight + 1 || getComputedStyle(el).visibility === 'hidden') return null;
    const buy = el.matches('a') ? el : el.querySelector('a.buy');
    return { id: el.dataset.productId, text: el.innerText, buy: buy?.href ?? null };
  });
}
