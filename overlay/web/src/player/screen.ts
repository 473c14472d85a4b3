/** Where the picture can be besides the page: full screen, and a window of its own over all others. */

type Video = HTMLVideoElement & { webkitEnterFullscreen?: () => void };

export function fullscreen(el: HTMLElement, video: Video): void {
  if (document.fullscreenElement) void document.exitFullscreen();
  else if (el.requestFullscreen) el.requestFullscreen().catch(() => undefined);
  // The iPhone allows full screen only for a video.
  else video.webkitEnterFullscreen?.();
}

/** Firefox has a button of its own for that, and no API. */
export const canPop = (): boolean => document.pictureInPictureEnabled === true;

export function pop(video: HTMLVideoElement): void {
  if (popped(video)) void document.exitPictureInPicture();
  else video.requestPictureInPicture().catch(() => undefined);
}

export const popped = (video: HTMLVideoElement): boolean => (video.getRootNode() as ShadowRoot).pictureInPictureElement === video;
