import type { CodeServer } from './code-server.mjs';

export interface CodeServerOptions {
  readonly codeServer: CodeServer;
  readonly home: string;
  readonly log: string;
  readonly vsix?: readonly string[];
  readonly port?: number;
  readonly workspaceTrust?: boolean;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly machineSettings?: Readonly<Record<string, unknown>>;
  readonly serverArguments?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}
export interface CodeServerProcess {
  readonly url: string;
  readonly pid: number;
  /** Settles when the server has ended. */
  readonly exited: Promise<unknown>;
  stop(): Promise<void>;
}
export function startCodeServer(options: CodeServerOptions): Promise<CodeServerProcess>;
