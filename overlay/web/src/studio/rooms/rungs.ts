import type { Schemas } from '../context.ts';

type Rungs = NonNullable<Schemas['RoomBody']['ladder']>;

/** Writes a ladder as people do: 1080p30@4500, 720p30@2200. */
export const textOfLadder = (rungs: Rungs): string => rungs.map((r) => `${r.height}p${r.fps}@${r.kbps}`).join(', ');

/** Reads it again, with commas of any script; undefined: it is none. What no encoder can send, the server refuses. */
export function rungsOf(text: string): Rungs | undefined {
  const parts = text.split(/[,，、;\n]/).map((p) => p.trim()).filter((p) => p !== '');
  const rungs: Rungs = [];
  for (const part of parts) {
    const [, height, fps, kbps] = /^(\d{1,5})\s*[pP]\s*(\d{1,4})\s*@\s*(\d{1,6})$/.exec(part) ?? [];
    if (!height || !fps || !kbps) return undefined;
    rungs.push({ height: Number(height), fps: Number(fps), kbps: Number(kbps) });
  }
  return rungs.length > 0 ? rungs : undefined;
}
