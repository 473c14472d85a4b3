// What a page does for a player that a crash of a server without a spool leaves
// behind: where the picture stands for five seconds and the live edge goes on,
// go there. Shaka may ask for a part of the dead process for ever, and video.js
// asks for what EXT-X-GAP marks until that leaves the list.
function unstick(video, edge, go) {
  let at = -1;
  let since = performance.now();
  setInterval(() => {
    const now = performance.now();
    if (video.paused || Math.abs(video.currentTime - at) > 0.01) {
      at = video.currentTime;
      since = now;
    } else if (now - since > 5000 && edge() > at + 4) {
      go(edge());
      since = now;
    }
  }, 250);
}
