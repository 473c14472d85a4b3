// A wire between a publisher and the server that can be cut in every way in
// which wires are cut.
import { connect, createServer } from 'node:net';

export async function wire(port) {
  const pairs = new Set();
  const server = createServer((near) => {
    const far = connect(port, '127.0.0.1');
    const pair = { near, far };
    pairs.add(pair);
    for (const [a, b] of [[near, far], [far, near]]) {
      a.on('error', () => {});
      a.on('close', () => { b.destroy(); pairs.delete(pair); });
      a.pipe(b);
    }
  });
  await new Promise((ok) => server.listen(0, '127.0.0.1', ok));
  const each = (f) => pairs.forEach(f);
  return {
    url: `rtmp://127.0.0.1:${server.address().port}/live`,
    /** An uplink of so many bytes a second, from now on. */
    throttle(rate) {
      each(({ near, far }) => {
        near.unpipe(far);
        near.pause();
        const every = 50;
        const timer = setInterval(() => {
          let left = Math.round((rate * every) / 1000);
          while (left > 0) {
            const data = near.read(Math.min(left, near.readableLength));
            if (!data) break;
            far.write(data);
            left -= data.length;
          }
        }, every);
        near.on('close', () => clearInterval(timer));
        far.on('close', () => clearInterval(timer));
      });
    },
    /** RST, as a router that forgot the connection. */
    reset() { each(({ near, far }) => { far.resetAndDestroy(); near.destroy(); }); },
    /** FIN, without a word of RTMP. */
    hangUp() { each(({ near, far }) => { near.unpipe(far); far.end(); }); },
    /** Nothing passes any more, and nobody is told: a closed lid. */
    freeze() { each(({ near, far }) => { near.unpipe(far); far.unpipe(near); near.pause(); far.pause(); }); },
    /** What was held up passes now, all at once. */
    thaw() { each(({ near, far }) => { near.pipe(far); far.pipe(near); }); },
    close() { each(({ near, far }) => { near.destroy(); far.destroy(); }); server.close(); },
  };
}
