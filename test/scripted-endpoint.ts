/** A server on loopback that answers as model APIs do, and misbehaves as it is told to. */

import { once } from 'node:events';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';

export interface Asked {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  // biome-ignore lint/suspicious/noExplicitAny: whatever a client sends.
  readonly body: any;
  /** Whether the client closed the connection before it had the whole answer. */
  readonly abandoned: Promise<boolean>;
}

export type Reply = (response: ServerResponse, asked: Asked) => void;

export class ScriptedEndpoint {
  readonly #server: Server;
  readonly asked: Asked[] = [];
  /** Answers of the next requests, in turn; the last one stays. */
  replies: Reply[] = [];
  /** Called with every request that has arrived whole. */
  onAsked: (asked: Asked) => void = () => {};
  /** Connections that were ever opened. */
  connections = 0;
  /** Requests that are being answered now, and the most there were. */
  open = 0;
  mostOpen = 0;

  private constructor(
    server: Server,
    readonly origin: string,
  ) {
    this.#server = server;
    server.on('connection', () => {
      this.connections++;
    });
  }

  static start(...replies: Reply[]): Promise<ScriptedEndpoint> {
    return ScriptedEndpoint.#listen(replies);
  }

  /** @param tls key and certificate, in PEM */
  static startTls(
    tls: { readonly key: string; readonly cert: string },
    ...replies: Reply[]
  ): Promise<ScriptedEndpoint> {
    return ScriptedEndpoint.#listen(replies, tls);
  }

  static async #listen(replies: Reply[], tls?: { readonly key: string; readonly cert: string }) {
    let endpoint: ScriptedEndpoint;
    const answer = async (request: IncomingMessage, response: ServerResponse) => {
      const parts: Buffer[] = [];
      for await (const part of request) parts.push(part as Buffer);
      const abandoned = once(response, 'close').then(() => !response.writableFinished);
      const text = Buffer.concat(parts).toString('utf8');
      const asked = { path: request.url ?? '', headers: request.headers, body: JSON.parse(text || 'null'), abandoned };
      endpoint.asked.push(asked);
      endpoint.open++;
      endpoint.mostOpen = Math.max(endpoint.mostOpen, endpoint.open);
      void abandoned.then(() => {
        endpoint.open--;
      });
      const reply = endpoint.replies.length > 1 ? endpoint.replies.shift() : endpoint.replies[0];
      reply?.(response, asked);
      endpoint.onAsked(asked);
    };
    const server = tls ? createTlsServer(tls, answer) : createServer(answer);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    endpoint = new ScriptedEndpoint(
      server,
      `${tls ? 'https' : 'http'}://127.0.0.1:${(server.address() as AddressInfo).port}`,
    );
    endpoint.replies = replies;
    return endpoint;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

export const json =
  (value: unknown, status = 200, headers: Record<string, string> = {}): Reply =>
  (response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(value));
  };

export const raw =
  (
    body: string | Uint8Array,
    headers: Record<string, string> = { 'content-type': 'application/json' },
    status = 200,
  ): Reply =>
  (response) => {
    response.writeHead(status, headers).end(body);
  };

export const chat = (content: string | null, choice: object = {}, message: object = {}): Reply =>
  json({
    choices: [{ index: 0, message: { role: 'assistant', content, ...message }, finish_reason: 'stop', ...choice }],
  });

/** Resets the connection in the middle of the body. */
export const cut: Reply = (response) => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': 1000 });
  response.write('{"choices": [', () => response.socket?.resetAndDestroy());
};

/** Never answers. */
export const silent: Reply = () => {};

/** Answers with what it was asked, put into another form. */
export const answering =
  (answer: (asked: Asked) => unknown): Reply =>
  (response, asked) =>
    json(answer(asked))(response, asked);
