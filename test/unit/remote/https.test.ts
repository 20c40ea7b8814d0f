import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { execaSync } from 'execa';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Runtime } from '../../../src/core/runtime.ts';
import { ReaderProcess } from '../../../src/features/dataset-viewer/reader-process.ts';
import { answered, bundledReader } from '../dataset-viewer/viewer-files.ts';
import { FileServer } from './file-server.ts';
import { pairRow, pairsParquet } from './remote-files.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'reward-studio-https-'));
const [key, certificate] = [path.join(folder, 'key.pem'), path.join(folder, 'certificate.pem')];
const EXTENSIONS = ['-addext', 'subjectAltName=IP:127.0.0.1'];
const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', key];
const made = execaSync(
  'openssl',
  ['req', '-x509', ...NEW_KEY, '-out', certificate, '-days', '2', '-subj', '/CN=test', ...EXTENSIONS],
  {
    reject: false,
  },
);

let runtime: Runtime;
beforeAll(async () => {
  runtime = await bundledReader(folder);
});
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

async function reading() {
  const tls = { key: readFileSync(key, 'utf8'), cert: readFileSync(certificate, 'utf8') };
  const server = await FileServer.start({ '/pairs.parquet': pairsParquet(2_000) }, tls);
  onTestFinished(() => server.close());
  const reader = new ReaderProcess(runtime, { remote: 'pairs' }, { onDeath: () => {}, onFetched: () => {} });
  onTestFinished(() => reader.dispose());
  const source = { kind: 'url', url: server.url('/pairs.parquet').href } as const;
  await reader.connect({ source, hub: 'https://hub.invalid' });
  return reader;
}

describe.skipIf(made.failed)('a server that speaks https (needs openssl)', () => {
  it('is refused with the way out where nobody vouches for its certificate', async () => {
    const reader = await reading();
    expect(await reader.open()).toMatchObject({
      fault: {
        code: 'not-available',
        message: expect.stringContaining('nobody known here vouches for its certificate'),
        hint: expect.stringContaining('NODE_EXTRA_CA_CERTS'),
      },
    });
  });

  it('is read where the environment names the authority', async () => {
    vi.stubEnv('NODE_EXTRA_CA_CERTS', certificate);
    const reader = await reading();
    expect(answered(await reader.open())).toMatchObject({ rowCount: 2_000 });
    const page = answered(await reader.rows({ start: 1_000, end: 1_001, firstColumn: 0, columns: 100 }));
    expect(page.rows[0]?.[0]).toMatchObject({ text: pairRow(1_000)[0] });
  });
});
