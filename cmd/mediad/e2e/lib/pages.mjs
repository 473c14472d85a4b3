// Serves the bare players' pages from node_modules, on an origin of their own,
// so that CORS is exercised too.
import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const files = {
  '/hls.js': ['../node_modules/hls.js/dist/hls.js', 'text/javascript'],
  '/video.js': ['../node_modules/video.js/dist/video.js', 'text/javascript'],
  '/shaka.js': ['../node_modules/shaka-player/dist/shaka-player.compiled.js', 'text/javascript'],
  '/unstick.js': ['../pages/unstick.js', 'text/javascript'],
  '/hlsjs.html': ['../pages/hlsjs.html', 'text/html'],
  '/videojs.html': ['../pages/videojs.html', 'text/html'],
  '/shaka.html': ['../pages/shaka.html', 'text/html'],
};

export async function servePages() {
  const server = createServer(async (req, res) => {
    const entry = files[new URL(req.url, 'http://x').pathname];
    if (!entry) return res.writeHead(404).end();
    res.writeHead(200, { 'content-type': entry[1] });
    res.end(await readFile(fileURLToPath(new URL(entry[0], import.meta.url))));
  });
  await new Promise((ok) => server.listen(0, '127.0.0.1', ok));
  return { url: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}
