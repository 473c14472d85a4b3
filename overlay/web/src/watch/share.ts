/** The buttons of the page that share its address, and that copy text for other places. */

/** Shares an address with the device's own dialog, or copies it. */
export function share(url: string, button: HTMLElement, copied: string): void {
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
