/** Addresses of the server that are not in the document of its API (those: addressOf in api.ts), and what is read in them. */

import { viewer } from './viewer.ts';

const below = (origin: string, ...names: string[]): string => [origin, ...names.map(encodeURIComponent)].join('/');

/** The multivariant playlist of a room. */
export const livePlaylist = (origin: string, room: string): string => below(origin, 'live', room, 'index.m3u8');

/** The playlist of a show's recording. */
export const recordingPlaylist = (origin: string, show: string): string => below(origin, 'vod', show, 'index.m3u8');

/** Where our own pages get a signed address of a room's stream. */
export const playbackAddress = (origin: string, room: string): string => below(origin, 'watch', room, 'playback.json');

/** The planned shows of a room, for calendars. */
export const calendarAddress = (origin: string, room: string): string => below(origin, 'calendar', `${room}.ics`);

/** The link behind every Buy button: the server counts the click, and whose it is, and sends the buyer to the shop. */
export const shopLink = (origin: string, show: string, product: string): string => `${below(origin, 'go', show, product)}?viewer=${viewer()}`;

const pass = /^(https?:\/\/[^~?#]+\/(?:live|vod)\/)(~[^/]+\/)/;

/** An address without its signature, to recognize the same stream. */
export const unsigned = (url: string): string => url.replace(pass, '$1');

/** The address of a replay or rewind with the signature of the live stream's, if that has one. */
export function signedLike(other: string, live: string): string {
  const given = pass.exec(live)?.[2];
  return given ? other.replace(/^(https?:\/\/[^~?#]*?\/(?:live|vod)\/)(?!~)/, `$1${given}`) : other;
}

/** The address of a stream for a host's own look at it, which counts as no viewer. */
export const previewed = (url: string): string => `${url}${url.includes('?') ? '&' : '?'}preview=1`;

/** The show that a recording is of; "": the address is none of a recording. */
export const showOf = (recording: string): string => /\/vod\/([^/]+)\//.exec(unsigned(recording))?.[1] ?? '';
