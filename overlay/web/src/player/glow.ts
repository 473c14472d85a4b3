/** Draws the picture as a few pixels, for the light around it. It is drawn over the former ones, so that the light changes slowly. */
export function glow(canvas: HTMLCanvasElement, video: HTMLVideoElement, calm: boolean): void {
  const light = canvas.getContext('2d');
  if (!light) return;
  light.globalAlpha = calm ? 1 : 0.4;
  light.filter = 'blur(2px)';
  light.drawImage(video, -2, -2, canvas.width + 4, canvas.height + 4);
}
