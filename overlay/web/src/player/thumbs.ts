import { webURL } from '../shared/web-url.ts';
import type { Thumb } from './preview.ts';

/** Reads the thumbnails of a recording. */

const seconds = (h: string, m: string, s: string): number => Number(h) * 3600 + Number(m) * 60 + Number(s);

/** Reads a WebVTT track of thumbnails; invalid cues are left out. */
export function parseThumbs(text: string, base: string): Thumb[] {
  const cue = /^(\d+):(\d\d):(\d\d\.\d{3}) --> (\d+):(\d\d):(\d\d\.\d{3})\r?\n(\S+)#xywh=(\d+),(\d+),(\d+),(\d+)\r?$/gm;
  return [...text.matchAll(cue)].flatMap(([, h1 = '', m1 = '', s1 = '', h2 = '', m2 = '', s2 = '', uri, x, y, w, h]) => {
    const image = webURL(uri, base);
    return image && Number(w) && Number(h)
      ? [{ from: seconds(h1, m1, s1), to: seconds(h2, m2, s2), image, x: Number(x), y: Number(y), w: Number(w), h: Number(h) }]
      : [];
  });
}

/** Gets the thumbnails of a recording; it is no error if there are none. */
export async function askThumbs(recording: string): Promise<Thumb[]> {
  try {
    const answer = await fetch(new URL('thumbs.vtt', recording), { credentials: 'omit' });
    return answer.ok ? parseThumbs(await answer.text(), answer.url) : [];
  } catch {
    return [];
  }
}
