import type { Schemas, Studio } from '../context.ts';
import { newKey } from './once.ts';
import { send } from './send.ts';

const side = 1600; // of what the server keeps
const small = 1 << 20; // bytes: a file below is sent as it is

/** Uploads a picture: its path on this server, or why there is none. */
export async function uploaded(studio: Studio, file: File): Promise<{ readonly path: string; readonly wrong: string }> {
  const form = new FormData();
  form.set('file', await shrunk(file), file.name);
  const answer = await send<Schemas['Image']>(studio, `/api/v1/images?org=${encodeURIComponent(studio.org)}`, form, newKey(), () => {});
  return { path: answer.data?.path ?? '', wrong: answer.data ? '' : studio.wrong(answer) };
}

/** A large photo is made smaller before it is sent over a slow line; the server judges it all the same. What this browser cannot read goes as it is. */
async function shrunk(file: File): Promise<Blob> {
  if (file.size <= small && /^image\/(jpeg|png|gif|webp)$/.test(file.type)) return file;
  try {
    const bitmap = await createImageBitmap(file);
    const scale = Math.min(1, side / Math.max(bitmap.width, bitmap.height));
    const canvas = new OffscreenCanvas(Math.round(bitmap.width * scale), Math.round(bitmap.height * scale));
    const drawing = canvas.getContext('2d')!;
    drawing.fillStyle = '#fff';
    drawing.fillRect(0, 0, canvas.width, canvas.height);
    drawing.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    bitmap.close();
    return await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.9 });
  } catch {
    return file;
  }
}
