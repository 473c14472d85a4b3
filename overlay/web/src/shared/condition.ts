import type { Schemas } from './api.ts';
import { parseHealth, type Health } from './health.ts';

/** How a room is, in one word. */
export type Condition = 'away' | 'troubled' | 'late' | 'paused' | 'live' | 'off';

/** A room of GET /api/v1/rooms, with how it is. */
export interface Watched {
  readonly room: Schemas['RoomBody'];
  readonly health: Health;
  readonly condition: Condition;
  /** When the show that comes next is planned for; undefined: there is none with a time, or the room is on air. */
  readonly starts: Date | undefined;
  /** That show. */
  readonly next: Next | undefined;
}

type Next = Pick<NonNullable<Schemas['RoomBody']['show']>, 'id' | 'title' | 'starts_at' | 'timezone' | 'rehearsal'>;

const tolerated = 60_000; // a show may begin so late, in ms

/** Reads a room. `now` is the server's time, in ms since 1970. */
export function watched(room: Schemas['RoomBody'], now: number): Watched {
  const health = parseHealth(room);
  const next: Next | undefined = health.live ? undefined : room.show?.state === 'planned' && room.show.starts_at ? room.show : room.next_show;
  const starts = next?.starts_at ? new Date(next.starts_at) : undefined;
  return { room, health, starts, next, condition: conditionOf(health, room.show?.state ?? '', starts, now) };
}

function conditionOf(health: Health, show: string, starts: Date | undefined, now: number): Condition {
  if (health.live) return health.waiting ? 'away' : health.warnings.length ? 'troubled' : 'live';
  if (show === 'paused') return 'paused';
  return starts && now > starts.getTime() + tolerated ? 'late' : 'off';
}

/** Whether somebody should act. */
export const isTrouble = (c: Condition): boolean => c !== 'live' && c !== 'off';

/** Warnings with which viewers see or hear nothing come first, then those with which players stand still. */
const harm = [
  ['silent', 'no_video', 'no_audio', 'no_video_header', 'no_audio_header', 'no_key_frame', 'keyframes_missing', 'sound_layout', 'sound_frame_length', 'sound_profile', 'sound_sample_rate', 'video_profile', 'bad_pictures', 'bad_sound'],
  ['late', 'pauses', 'timestamp_jumps', 'timestamps_back', 'low_fps', 'late_frames', 'audio_gaps', 'audio_drift', 'audio_offset', 'settings_change'],
];

/** How much a warning harms viewers: 0 is the most. */
export const harmOf = (code: string): number => {
  const at = harm.findIndex((codes) => codes.includes(code));
  return at < 0 ? harm.length : at;
};

const order: readonly Condition[] = ['away', 'troubled', 'late', 'paused', 'live', 'off'];

/** Rooms, the one that is worst first: viewers without a picture, then trouble that has words, then what is late; of two alike, the one with more viewers. */
export function worstFirst(rooms: readonly Watched[]): Watched[] {
  const worst = (w: Watched): number => Math.min(9, ...w.health.warnings.map((x) => harmOf(x.code)));
  return [...rooms].sort((a, b) =>
    order.indexOf(a.condition) - order.indexOf(b.condition) ||
    worst(a) - worst(b) ||
    b.health.warnings.length - a.health.warnings.length ||
    b.health.viewers - a.health.viewers ||
    (a.starts?.getTime() ?? Infinity) - (b.starts?.getTime() ?? Infinity) || // NaN, of two without a time, is none
    a.room.title.localeCompare(b.room.title, undefined, { numeric: true }));
}
