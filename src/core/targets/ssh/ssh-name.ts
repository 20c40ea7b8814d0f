/** Whom `ssh:HOST` names. What cannot be a host is refused: nothing of it may be read as an option or by a shell. */

import { StudioError } from '../../errors.ts';

export interface SshName {
  /** As `ssh` takes it: a host, an alias of its configuration, or user@host. */
  readonly destination: string;
  readonly port: number | undefined;
}

const FORM =
  /^(?:(?<user>[A-Za-z0-9_][A-Za-z0-9_.-]*)@)?(?<host>[A-Za-z0-9_][A-Za-z0-9_.-]*|\[[0-9A-Fa-f:.]+(?:%[A-Za-z0-9_.-]+)?\])(?::(?<port>\d{1,5}))?$/;

/** @throws StudioError 'usage' */
export function parseSshName(name: string): SshName {
  const { user, host, port } = FORM.exec(name.replace(/^ssh:/, ''))?.groups ?? {};
  const number = port === undefined ? undefined : Number(port);
  if (host === undefined || number === 0 || (number ?? 0) > 65_535) {
    throw new StudioError('usage', `"${name}" names no host.`, {
      hint: 'Write ssh:HOST, ssh:USER@HOST or ssh:USER@HOST:PORT; HOST may be an alias of your SSH configuration.',
    });
  }
  const bare = host.replace(/^\[|\]$/g, '');
  return { destination: user === undefined ? bare : `${user}@${bare}`, port: number };
}
