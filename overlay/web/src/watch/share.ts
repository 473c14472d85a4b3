/** The buttons of the page that share its address, and the codes that show it in other places. Loaded after the page. */

import { shared } from '../shared/ref.ts';

/** Shares an address with the device's own dialog, or copies it. */
export function share(plain: string, button: HTMLElement, copied: string): void {
  const url = shared(plain);
  // The player counts it.
  document.querySelector('mediad-player')?.dispatchEvent(new CustomEvent('mediad:share', { detail: { url }, bubbles: true }));
  if (!('share' in navigator)) return void copy(url, button, copied);
  navigator.share({ title: document.title, url }).catch((e: DOMException) => {
    if (e.name !== 'AbortError') void copy(url, button, copied);
  });
}

/** Copies a text, and says so on the button. */
export async function copy(value: string, button: HTMLElement, copied: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(value);
  } catch {
    // A page without HTTPS has only the old clipboard API.
    const area = Object.assign(document.createElement('textarea'), { value });
    document.body.append(area);
    area.select();
    document.execCommand('copy');
    area.remove();
  }
  const label = button.querySelector('span') ?? button;
  const was = button.dataset['label'] ?? label.textContent ?? '';
  button.dataset['label'] = was;
  label.textContent = copied;
  setTimeout(() => (label.textContent = was), 1600);
}

/** The code that embeds a room, made one that embeds a show of it: of the element, or of the frame. */
export const embedOf = (show: string, code: string): string =>
  code.replace('></mediad', ` show="${show}"></mediad`).replace(/(<iframe src="[^"?]+)"/, `$1?show=${show}"`);

let parts: { codes: { code: HTMLElement; ofRoom: string }[]; qr: HTMLImageElement | null; qrOfRoom: string } | undefined;

/** Makes the codes of the page those of a show that its address does not name; "": those that it came with. */
export function embed(show: string): void {
  if (!parts) {
    const qr = document.querySelector<HTMLImageElement>('#qr');
    parts = { codes: [...document.querySelectorAll<HTMLElement>('.code code')].map((code) => ({ code, ofRoom: code.textContent ?? '' })), qr, qrOfRoom: qr?.src ?? '' };
  }
  for (const { code, ofRoom } of parts.codes) code.textContent = show ? embedOf(show, ofRoom) : ofRoom;
  const src = show ? `${parts.qrOfRoom}?show=${show}` : parts.qrOfRoom;
  if (parts.qr && parts.qr.src !== src) parts.qr.src = src;
}
