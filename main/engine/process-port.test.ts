import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'vite';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { StudioError } from '../../app/base/errors.ts';
import type { Client } from '../../app/contracts/rpc.ts';
import { connect } from '../../app/contracts/rpc-client.ts';
import { SAMPLE_CONTRACT, type SampleApi } from '../../app/contracts/testing/sample-api.ts';
import { childPort } from './process-port.ts';

let folder: string;
let child: ChildProcess;
let client: Client<SampleApi>;

/** Node cannot run TypeScript everywhere, so the child's entry is bundled first. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'underpaint-port-'));
  await build({
    configFile: false,
    logLevel: 'error',
    build: {
      ssr: join(import.meta.dirname, 'testing/served-process.ts'),
      outDir: folder,
      rollupOptions: { output: { entryFileNames: 'served-process.mjs' } },
    },
  });
});

afterAll(() => rm(folder, { recursive: true }));

beforeEach(() => {
  child = fork(join(folder, 'served-process.mjs'), [], { serialization: 'advanced', execArgv: [] });
  client = connect(SAMPLE_CONTRACT, childPort(child), {
    closedError: () => new StudioError('engine-crashed', 'gone'),
    reportBadMessage: () => {},
  });
});

afterEach(async () => {
  const left = child.exitCode === null && child.signalCode === null ? once(child, 'exit') : undefined;
  client.dispose();
  await left;
});

describe('ports between processes', () => {
  it('carry results, typed arrays, errors and events', async () => {
    expect(await client.call('add', [1, 2])).toBe(3);
    const megabyte = new Uint8Array(2 ** 20).fill(200);
    const inverted = await client.call('invert', [megabyte]);
    expect([inverted.length, inverted.every((byte) => byte === 55)]).toEqual([2 ** 20, true]);
    await expect(client.call('fail', ['no'])).rejects.toMatchObject({ code: 'bad-request', hint: 'Do not.' });
    const seen: number[] = [];
    expect(await client.call('count', [20], { onEvent: (event) => void seen.push(event) })).toBe('done');
    expect(seen).toEqual(Array.from({ length: 20 }, (_, index) => index));
  });

  it('fail a call with what cannot be cloned, on either side', async () => {
    await expect(client.call('add', [(() => 1) as unknown as number, 1])).rejects.toThrow('could not be cloned');
    await expect(client.call('odd', ['function'])).rejects.toThrow('could not be cloned');
    expect(await client.call('add', [1, 2])).toBe(3);
  });

  it('cancel a call', async () => {
    const stop = new AbortController();
    const call = client.call('wait', [], { signal: stop.signal });
    await client.call('add', [1, 2]);
    stop.abort();
    await expect(call).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('close when the child is killed, and take later messages without a fuss', async () => {
    const call = client.call('wait', []);
    child.kill('SIGKILL');
    await expect(call).rejects.toMatchObject({ code: 'engine-crashed' });
    childPort(child).post('nobody hears this');
    await new Promise<void>((resolve) => childPort(child).onClose(resolve));
  });

  it('end the child when the parent lets go', async () => {
    await client.call('add', [1, 2]);
    client.dispose();
    expect(await once(child, 'exit')).toEqual([0, null]);
  });
});
