import phrases from '../../generated/strings/player-poll.ts';
import { addressOf } from '../../shared/api.ts';
import type { Cue } from '../../shared/cue.ts';
import { inLanguage, localeFor, say } from '../../shared/language.ts';
import { serverAt } from '../../shared/server.ts';
import { viewer } from '../../shared/viewer.ts';
import type { CueDetail } from '../events.ts';
import type { MediadPlayer } from '../player.ts';
import { follow, merge, parsePoll, parsePolls, sum, type Poll } from './card.ts';
import { style } from './style.ts';

/** A poll over the picture, at its moment of the picture. One tap votes. A recording shows the result, and takes no vote. */

const stays = 8000; // ms for which a result is shown
const recorded = 14_000; // ms, in a recording
const look = 500; // ms
const chosen = new Map<string, number>(); // by poll: what this page chose
const boards = new WeakMap<MediadPlayer, (cue: Cue) => void>();

/** A cue with a poll has come; the player tells of those that follow. */
export function attend(player: MediadPlayer, cue: Cue): void {
  let hear = boards.get(player);
  if (!hear) {
    boards.set(player, (hear = board(player)));
    player.addEventListener('mediad:cue', (e) => hear!((e as CustomEvent<CueDetail>).detail.cue));
  }
  hear(cue);
}

const make = <Name extends keyof HTMLElementTagNameMap>(name: Name, className: string, ...inside: (Node | string)[]): HTMLElementTagNameMap[Name] => {
  const e = Object.assign(document.createElement(name), { className });
  e.append(...inside);
  return e;
};
const label = (e: Element, text: string): void => e.setAttribute('aria-label', text);
/** Sets a text that has changed: others would be read out again. */
const write = (e: Element, text: string): void => void (e.textContent === text || (e.textContent = text));

function board(player: MediadPlayer): (cue: Cue) => void {
  const root = player.renderRoot as ShadowRoot;
  const stage = root.querySelector<HTMLElement>('.stage')!;
  const chip = make('button', 'poll-chip');
  const question = make('h2', '');
  const aside = make('button', '', '×');
  const list = make('div', 'poll-list');
  const said = make('span', '');
  const left = make('span', '');
  const box = make('section', 'poll-box', make('header', '', question, aside), list, make('p', 'poll-foot', said, left));
  const all = make('div', 'poll', make('style', '', style), chip, box);
  let poll: Poll | undefined;
  let show = '';
  let folded: boolean | undefined; // undefined: as there is room
  let over = Infinity; // when it goes, on the page's clock
  let gone = ''; // whose result was shown
  let ahead = 0; // ms by which the server's clock is
  let drawn = '';
  let trouble = '';
  let ticks: ReturnType<typeof setInterval> | undefined;

  all.setAttribute('part', 'poll');
  said.setAttribute('role', 'status');
  question.dir = chip.dir = 'auto';
  chip.onclick = () => fold(false);
  aside.onclick = () => fold(true);
  // Arrows go from answer to answer, and the usual keys choose. None of them is for the player meanwhile.
  box.onkeydown = (e) => {
    if (e.key === 'Tab') return;
    e.stopPropagation();
    if (e.key === 'Escape') return fold(true);
    const answers = [...list.querySelectorAll('button')];
    const at = answers.indexOf(e.target as HTMLButtonElement);
    if (at < 0 || !/^Arrow/.test(e.key)) return;
    e.preventDefault();
    const to = answers.at((at + (/Down|Right/.test(e.key) ? 1 : -1)) % answers.length)!;
    for (const b of answers) b.tabIndex = b === to ? 0 : -1;
    to.focus();
  };

  const state = (): string => player.dataset['state'] ?? '';
  const replay = (): boolean => state() === 'replay';

  function end(): void {
    clearInterval(ticks);
    poll = ticks = undefined;
    all.remove();
    stage.removeAttribute('data-poll');
  }

  function fold(on: boolean): void {
    if (on && poll?.closed) return end();
    folded = on;
    draw();
    (on ? chip : aside).focus();
  }

  function set(now: Poll, kind = ''): void {
    poll = now;
    if (poll.closed) over = Math.min(over, performance.now() + stays);
    if (!ticks) {
      stage.append(all);
      ticks = setInterval(() => (player.isConnected && performance.now() < over && /live|re|inter/.test(state()) ? draw() : end()), look);
    }
    draw();
    if (kind) player.dispatchEvent(new CustomEvent('mediad:poll', { detail: { show, poll: poll.id, kind, option: chosen.get(poll.id), votes: poll.votes }, bubbles: true, composed: true }));
  }

  /** What the server knows of the polls: results in a recording, words that a state had no room for, and the time. */
  async function ask(id: string, lost = false): Promise<void> {
    const answer = await fetch(addressOf(serverAt(player.origin), '/c/{show}/{file}', { show, file: 'polls.json' }), { credentials: 'omit' }).catch(() => undefined);
    if (!answer?.ok) return lost ? end() : undefined; // what the picture told stands
    ahead = (Date.parse(answer.headers.get('date') ?? '') || Date.now()) - Date.now();
    const now = parsePolls(await answer.json()).find((p) => p.id === id);
    if (poll?.id !== id) return;
    if (lost && !now?.closed) {
      gone = '';
      return end();
    }
    if (now) set(merge(poll, over < Infinity ? now : { ...now, closed: false }), lost ? 'close' : '');
  }

  async function vote(option: number): Promise<void> {
    const of = poll!;
    const before = chosen.get(of.id);
    chosen.set(of.id, option);
    trouble = '';
    draw();
    const answer = await fetch(addressOf(serverAt(player.origin), '/c/{show}/polls/{poll}', { show, poll: of.id }), { method: 'POST', credentials: 'omit', body: JSON.stringify({ viewer: viewer(), option }) }).catch(() => undefined);
    if (answer?.ok) {
      const now = parsePoll(await answer.json());
      if (now && poll?.id === of.id) set(merge(poll, now), 'vote');
      return;
    }
    if (before === undefined) chosen.delete(of.id);
    else chosen.set(of.id, before);
    const t = inLanguage(phrases, localeFor(player.lang));
    trouble = t.pollAgain;
    if (answer?.status === 409) {
      trouble = t.pollOver;
      over = performance.now() + stays;
      void ask(of.id);
    }
    draw();
  }

  function draw(): void {
    if (!poll?.question) return;
    const { id, options, votes, closed, ends } = poll;
    const locale = localeFor(player.lang);
    const t = inLanguage(phrases, locale);
    const own = chosen.get(id);
    const ended = closed || replay();
    const may = !ended && !player.preview;
    const shown = may && own === undefined ? undefined : votes;
    const total = sum(votes);
    const now = JSON.stringify([poll, own, may, locale]);
    if (now !== drawn) {
      drawn = now;
      question.textContent = poll.question;
      chip.textContent = `${ended ? t.pollResult : t.poll}: ${poll.question}`;
      label(chip, say(t.pollShow, poll as { question: string }));
      label(aside, t.pollAside);
      list.setAttribute('role', may ? 'radiogroup' : 'list');
      label(list, poll.question);
      label(box, t.poll);
      const focused = [...list.children].indexOf(root.activeElement!);
      list.replaceChildren(...options.map((option, i) => {
        const words = make('span', '', option);
        words.dir = 'auto';
        const e = make(may ? 'button' : 'div', own === i ? 'own' : '', words);
        e.setAttribute('role', may ? 'radio' : 'listitem');
        if (may) {
          e.setAttribute('aria-checked', String(own === i));
          e.tabIndex = i === (own ?? 0) ? 0 : -1;
          e.onclick = () => void vote(i);
        }
        if (shown) {
          const part = total && shown[i]! / total;
          e.style.setProperty('--part', `${part * 100}%`);
          e.append(make('b', '', part.toLocaleString(locale, { style: 'percent' })));
        }
        return e;
      }));
      (list.children[focused] as HTMLElement | undefined)?.focus();
    }
    const seconds = Math.ceil((ends - Date.now() - ahead) / 1000);
    write(said, trouble || (ended ? t.pollResult : own === undefined ? t.pollTap : say(t.pollYours, { option: options[own]! })));
    write(left, [shown ? say(total === 1 ? t.pollOne : t.pollVotes, { n: total.toLocaleString(locale) }) : own === undefined ? '' : t.pollLater,
      !ended && ends && seconds > 0 ? `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}` : ''].filter(Boolean).join(' · '));

    // Below what stands at the top, and above card, chat and controls. Where it has no room there, it is folded; who unfolds it sees it in place of the card.
    const at = stage.getBoundingClientRect();
    const mine = all.getBoundingClientRect();
    const edges = (of: string): DOMRect[] => [...stage.querySelectorAll(of)].map((e) => e.getBoundingClientRect()).filter((r) => r.height && r.left < mine.right && r.right > mine.left);
    const top = Math.max(at.top, ...edges('.top > *, .unmute, .board > *').map((r) => r.bottom)) + 8;
    const low = Math.min(at.bottom, ...edges('.controls').map((r) => r.top)) - 8;
    const card = Math.min(low, ...edges('.shelf > *').map((r) => r.top - 8));
    all.style.setProperty('--poll', `${top - at.top}px`);
    all.style.setProperty('--tall', 'none');
    box.hidden = false;
    const fits = box.offsetHeight <= card - top - (stage.querySelector('mediad-talk') ? 48 : 0);
    box.hidden = folded ?? !fits;
    chip.hidden = !box.hidden;
    all.style.setProperty('--tall', `${Math.max(96, (fits ? card : low) - top)}px`);
    stage.toggleAttribute('data-poll', !box.hidden && !fits);
  }

  return (cue) => {
    const p = parsePoll(cue['poll']);
    const next = follow(cue.kind, p, poll, gone, replay());
    if (next === 'end') { // the picture has jumped over its end, or back before its beginning
      [over, gone] = [performance.now() + stays, poll!.id];
      return void ask(gone, true);
    }
    if (!p || !next) return;
    if (next === 'close') [over, gone] = [performance.now() + stays, p.id];
    if (next === 'open') {
      end();
      [show, folded, trouble, over, gone] = [cue.show, undefined, '', Infinity, ''];
      if (replay()) [over, gone] = [performance.now() + recorded, p.id];
    }
    const known = poll?.id === p.id ? poll : p;
    show = cue.show;
    set(merge(known, { ...p, closed: next === 'close' }), next);
    if (next === 'open' && (replay() || !p.question || p.ends)) void ask(p.id);
  };
}
