/** A way to a server that lets so many bytes a second through, each way. */

import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';

const SLICE = 4096;

export class SlowLink {
  readonly port: number;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(server: Server, sockets: Set<Socket>) {
    this.#server = server;
    this.#sockets = sockets;
    this.port = (server.address() as { port: number }).port;
  }

  static async to(port: number, bytesPerSecond: number): Promise<SlowLink> {
    const sockets = new Set<Socket>();
    const server = createServer((near) => {
      const far = connect(port, '127.0.0.1');
      for (const socket of [near, far]) {
        sockets.add(socket);
        socket.on('error', () => {});
        socket.on('close', () => {
          near.destroy();
          far.destroy();
        });
      }
      void pass(near, far, bytesPerSecond);
      void pass(far, near, bytesPerSecond);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new SlowLink(server, sockets);
  }

  close(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }
}

async function pass(from: Duplex, to: Duplex, bytesPerSecond: number): Promise<void> {
  try {
    for await (const chunk of from as AsyncIterable<Buffer>) {
      for (let at = 0; at < chunk.length; at += SLICE) {
        const slice = chunk.subarray(at, at + SLICE);
        if (!to.write(slice)) await once(to, 'drain');
        await wait((slice.length / bytesPerSecond) * 1000);
      }
    }
    to.end();
  } catch {
    // One of the two ended in the middle: the other is ended with it.
  }
}
