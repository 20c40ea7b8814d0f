/** A server on loopback that sends files in parts, as object stores do, and misbehaves on request. */

import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';

export interface AskedFor {
  readonly path: string;
  readonly range: string | undefined;
  readonly authorization: string | undefined;
  /** Whether the client closed the connection before it had the whole answer. */
  readonly abandoned: Promise<boolean>;
}

/** Answers a request in another way; false leaves it to the server. */
export type Behaviour = (request: IncomingMessage, response: ServerResponse) => boolean;

export class FileServer {
  readonly #server: Server;
  readonly files = new Map<string, Uint8Array>();
  readonly requests: AskedFor[] = [];
  /** Bytes of bodies. */
  sent = 0;
  behaviour: Behaviour = () => false;
  /** The next body that is longer breaks off after so many bytes. */
  cutAfter: number | undefined;
  /** Called with every request that arrives. */
  onRequest: () => void = () => {};

  private constructor(
    server: Server,
    private readonly scheme: 'http' | 'https',
  ) {
    this.#server = server;
  }

  /** @param tls the server's key and certificate, in PEM, where it speaks https */
  static async start(
    files: Readonly<Record<string, Uint8Array>> = {},
    tls?: { readonly key: string; readonly cert: string },
  ): Promise<FileServer> {
    const answer = (request: IncomingMessage, response: ServerResponse) => serving.#answer(request, response);
    const server = tls ? createTlsServer(tls, answer) : createServer(answer);
    const serving = new FileServer(server, tls ? 'https' : 'http');
    for (const [path, content] of Object.entries(files)) serving.files.set(path, content);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return serving;
  }

  get origin(): string {
    return `${this.scheme}://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  url(path: string): URL {
    return new URL(path, this.origin);
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    this.requests.push({
      path: request.url ?? '',
      range: request.headers.range,
      authorization: request.headers.authorization,
      abandoned: once(response, 'close').then(() => !response.writableFinished),
    });
    this.onRequest();
    if (!this.behaviour(request, response)) this.sendFile(request, response);
  }

  sendFile(request: IncomingMessage, response: ServerResponse): void {
    const content = this.files.get(new URL(request.url ?? '', this.origin).pathname);
    if (!content) {
      response.writeHead(404).end();
      return;
    }
    const etag = `"${createHash('sha256').update(content).digest('hex').slice(0, 16)}"`;
    const [, from = '', to = ''] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '') ?? [];
    if (from === '') {
      this.#send(response, 200, { etag, 'content-length': content.length }, content);
      return;
    }
    const start = Number(from);
    const end = to === '' ? content.length : Math.min(Number(to) + 1, content.length);
    if (start >= content.length) {
      response.writeHead(416, { 'content-range': `bytes */${content.length}` }).end();
      return;
    }
    const range = `bytes ${start}-${end - 1}/${content.length}`;
    this.#send(
      response,
      206,
      { etag, 'content-range': range, 'content-length': end - start },
      content.subarray(start, end),
    );
  }

  #send(response: ServerResponse, status: number, headers: Record<string, string | number>, body: Uint8Array): void {
    const cut = this.cutAfter;
    if (cut !== undefined && body.length > cut) {
      this.cutAfter = undefined;
      this.sent += cut;
      response.writeHead(status, headers).write(body.subarray(0, cut), () => response.destroy());
      return;
    }
    this.sent += body.length;
    response.writeHead(status, headers).end(body);
  }
}
