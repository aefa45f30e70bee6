// A small server that gives one model file as the Hub does, and stops half-way until it is told to go on.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';

export class Hub {
  static async open(file) {
    const hub = new Hub(readFileSync(file));
    await new Promise((resolve) => hub.server.listen(0, '127.0.0.1', resolve));
    return hub;
  }

  constructor(bytes) {
    const hash = createHash('sha256').update(bytes).digest('hex');
    this.held = [];
    this.isHolding = true;
    this.server = createServer((request, response) => {
      response.setHeader('X-Repo-Commit', '0123456789abcdef0123456789abcdef01234567');
      response.setHeader('X-Linked-ETag', `"${hash}"`);
      response.setHeader('X-Linked-Size', bytes.length);
      const range = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '');
      if (request.method === 'HEAD' || range === null) {
        response.end();
        return;
      }

      const [from, to] = [Number(range[1]), Math.min(Number(range[2]), bytes.length - 1)];
      const give = () => response.writeHead(206, { 'Content-Range': `bytes ${from}-${to}/${bytes.length}`, 'Content-Length': to - from + 1 }).end(bytes.subarray(from, to + 1));
      if (this.isHolding && to > bytes.length / 2) {
        this.held.push(give);
      } else {
        give();
      }
    });
  }

  get address() {
    return `http://127.0.0.1:${this.server.address().port}`;
  }

  goOn() {
    this.isHolding = false;
    this.held.splice(0).forEach((give) => give());
  }

  close() {
    this.server.closeAllConnections();
    this.server.close();
  }
}
