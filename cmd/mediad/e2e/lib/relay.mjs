// A relay to a server on this machine: it remembers what is asked for, and may
// refuse it.
import { createServer, request } from 'node:http';

export async function relay(to) {
  const asked = []; // paths
  const r = { asked, refuse: () => 0 }; // refuse gives a status for a path, or 0
  const server = createServer((req, res) => {
    asked.push(req.url);
    const status = r.refuse(req.url);
    if (status) return res.writeHead(status, { 'cache-control': 'no-store' }).end();
    const up = request({ host: '127.0.0.1', port: to, path: req.url, method: req.method, headers: req.headers }, (got) => {
      res.writeHead(got.statusCode, got.headers);
      got.pipe(res);
    });
    up.on('error', () => res.destroy());
    res.on('close', () => up.destroy());
    req.pipe(up);
  });
  await new Promise((ok) => server.listen(0, '127.0.0.1', ok));
  r.port = server.address().port;
  r.close = () => { server.close(); server.closeAllConnections(); };
  return r;
}
