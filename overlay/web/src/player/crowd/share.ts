/** Shares an address with the device's own dialog, or else copies it and says so for a moment. Where a page may not copy, it shows the address. */
export async function share(url: string, says: HTMLElement, copied: string): Promise<void> {
  if ('share' in navigator) {
    try {
      return await navigator.share({ title: document.title, url });
    } catch (e) {
      if ((e as DOMException).name === 'AbortError') return;
    }
  }
  try {
    await navigator.clipboard.writeText(url);
    says.textContent = copied;
    setTimeout(() => (says.textContent = ''), 1600);
  } catch {
    prompt('', url);
  }
}
