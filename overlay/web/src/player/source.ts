/** A source plays a URL on a video element, in a way that the browser supports. */

export interface SourceHooks {
  /** The bytes of a cue were read; `time` is on the media timeline, in seconds, and usually ahead of the playhead. */
  tag(bytes: Uint8Array, time: number): void;
  /** The text of a cue, if the browser has parsed the tag. */
  text(text: string, time: number): void;
  /** The playlist was read; `advanced`: it has grown since. */
  playlist(advanced: boolean): void;
  /** The playlist is closed (EXT-X-ENDLIST): nothing more will come. */
  closed(): void;
  /** The source has given up. The caller must destroy it. */
  failed(): void;
}

/** What to play, and where to begin. */
export interface Wish {
  readonly url: string;
  /** The show is not over: the player follows its end, unless it begins at a date. */
  readonly live: boolean;
  /** Begin at this programme date-time, in ms since 1970. */
  readonly date?: number | undefined;
  /** Begin this many seconds after the start. */
  readonly at?: number | undefined;
}

export interface Source {
  /** Programme date-time of the playhead, in ms since 1970. */
  date(): number | undefined;
  /** Moves to a programme date-time; false: the playlist does not reach it. */
  seekDate(date: number): boolean;
  /** Seconds between the newest media and the playhead. */
  latency(): number | undefined;
  /** Latency in seconds that the stream asks players to keep. */
  target(): number | undefined;
  /** The live position on the media timeline. */
  livePosition(): number | undefined;
  /** Moves the picture to live. */
  goLive(): void;
  /** Makes a source request media again, if it has stopped although there is more. */
  wake(): void;
  destroy(): void;
}
