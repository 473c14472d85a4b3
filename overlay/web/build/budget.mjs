// How large the apps may be: every page of a shop that embeds the player loads them before the first
// picture.
import { gzipSync } from 'node:zlib';

/** Gzipped bytes of everything that an app loads at once: its modules and styles. hls.js comes on top, when a stream begins. */
export const budgets = {
  player: 36_000,
  watch: 42_500,
  times: 500,
  festival: 12_000, // the page of a festival, which loads no player
  operator: 91_000,
  extras: 17_600,
  pieces: 2_000, // knows when each of the following is loaded
  crowd: 5_000, // likes, where a show plays
  coupon: 3_000, // where a show has one
  poll: 4_500, // where one is open, or a recording had one
  remind: 3_500, // before a show, and for who comes by a reminder
  points: 3_500, // where a show has a reward
  talk: 10_700, // where a show has a chat
  dock: 55_000,
  studio: 30_000, // its sections come on top, when they are opened
};

/** All of our own that a viewer loads: the watch page, which has the player in it, and what comes when the player is used. */
const together = { apps: ['watch', 'extras'], most: 60_000 };

const forHosts = ['@awesome.me', 'uplot', 'openapi-fetch'];
/** An app must not load any of these at once: they are for the apps of hosts, or the player has them already. */
export const barred = { player: forHosts, watch: forHosts, extras: forHosts, pieces: ['/lit'], coupon: ['/lit'], poll: ['/lit'], talk: ['/lit'], remind: ['/lit'], points: ['/lit'] };

/** Each file is compressed by itself, as it is sent. */
export const weight = (files) => files.reduce((sum, bytes) => sum + gzipSync(bytes).length, 0);

/** What breaks the rules, as lines. apps: by name, { weight, inputs }, where inputs are the sources in its files. */
export function breaches(apps) {
  const found = [];
  for (const [name, app] of Object.entries(apps)) {
    const most = budgets[name];
    if (most === undefined) found.push(`${name} has no budget`);
    else if (app.weight > most) found.push(`${name} weighs ${app.weight} bytes gzipped, over its budget of ${most}`);
    for (const what of barred[name] ?? []) {
      const input = app.inputs.find((i) => i.includes(what));
      if (input) found.push(`${name} loads ${input}`);
    }
  }
  const all = together.apps.reduce((sum, name) => sum + (apps[name]?.weight ?? 0), 0);
  if (all > together.most) found.push(`${together.apps.join(' and ')} weigh ${all} bytes gzipped, over their budget of ${together.most}`);
  return found;
}
