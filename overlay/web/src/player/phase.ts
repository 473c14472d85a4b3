/** Decides the phase of the player from facts, without a clock or a network. */

import type { Room } from './room.ts';

/** Why the picture stands: its host has gone, the network is bad, or this device has none. */
export type Cause = 'host' | 'network' | 'offline';

export type Phase = 'connecting' | 'before' | 'live' | 'interrupted' | 'ended' | 'replay' | 'failed' | 'missing';

/** What the server last said of the room; `unknown`: nothing yet, or it could not be asked; `missing`: it has no such room; `waiting`: live, with
    its publisher away. */
export type RoomWord = 'unknown' | 'live' | 'waiting' | 'idle' | 'missing';

export interface Facts {
  readonly room: RoomWord;
  /** A recording of the show can be played. */
  readonly replayable: boolean;
  /** A source is attached to the picture. */
  readonly attached: boolean;
  /** This broadcast has played on this page. */
  readonly played: boolean;
  /** The picture advances, or the viewer has paused it. */
  readonly flowing: boolean;
  /** The broadcast was played to its end, or the server gave it up. */
  readonly over: boolean;
  /** The viewer chose the recording. */
  readonly replaying: boolean;
  /** This browser cannot play the stream. */
  readonly unplayable: boolean;
}

export function wordOf(room: Room | 'missing' | undefined): RoomWord {
  if (typeof room !== 'object') return room ?? 'unknown';
  if (!room.live) return 'idle';
  return room.waiting ? 'waiting' : 'live';
}

export function phaseOf(f: Facts): Phase {
  if (f.unplayable) return 'failed';
  if (f.replaying) return 'replay';
  if (f.over) return 'ended';
  if (f.played) return f.attached && f.flowing ? 'live' : 'interrupted';
  // The page was opened while the host is away: nothing plays until they are back, whether a stream is attached or
  // not.
  if (f.room === 'waiting') return 'interrupted';
  if (f.attached) return 'connecting';
  if (f.room === 'missing') return 'missing';
  if (f.room === 'idle') return f.replayable ? 'ended' : 'before';
  return 'connecting';
}
