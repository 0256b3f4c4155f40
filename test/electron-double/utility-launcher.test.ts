import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { StudioError } from '../../app/base/errors.ts';
import { connect } from '../../app/contracts/rpc-client.ts';
import { SAMPLE_CONTRACT } from '../../app/contracts/testing/sample-api.ts';
import { createUtilityLauncher } from '../../main/electron/utility-launcher.ts';
import type { LaunchedEngine } from '../../main/engine/launcher.ts';

describe('an engine in a utility process', () => {
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'underpaint-utility-'));
    await build({
      configFile: false,
      logLevel: 'error',
      build: {
        ssr: join(import.meta.dirname, 'testing/echo-utility.ts'),
        outDir: folder,
        rolldownOptions: { output: { entryFileNames: 'echo.mjs' } },
      },
    });
    await writeFile(join(folder, 'broken.mjs'), "console.error('No such library.'); process.exit(3);");
  });

  afterAll(() => rm(folder, { recursive: true }));

  const client = ({ port }: LaunchedEngine) =>
    connect(SAMPLE_CONTRACT, port, {
      closedError: () => new StudioError('engine-crashed', 'gone'),
      reportBadMessage: () => {},
    });

  it('answers calls with typed arrays and events', async () => {
    const engine = createUtilityLauncher(join(folder, 'echo.mjs'))();
    const { call } = client(engine);
    expect(await call('invert', [new Uint8Array(100_000).fill(200)])).toEqual(new Uint8Array(100_000).fill(55));
    const seen: number[] = [];
    expect(await call('count', [5], { onEvent: (event) => void seen.push(event) })).toBe('done');
    expect(seen).toEqual([0, 1, 2, 3, 4]);
    engine.kill();
    expect((await engine.exited).output).toContain('The echo is there.');
  });

  it('is killed whatever it does; calls fail and later messages are lost', async () => {
    const engine = createUtilityLauncher(join(folder, 'echo.mjs'))();
    const { call } = client(engine);
    await call('add', [1, 2]);
    const waiting = call('wait', []);
    engine.kill();
    await expect(waiting).rejects.toMatchObject({ code: 'engine-crashed' });
    expect((await engine.exited).code).not.toBe(0);
    engine.port.post('nobody hears this');
    await new Promise<void>((resolve) => engine.port.onClose(resolve));
    engine.kill();
  });

  it('is killed even before it is there', async () => {
    const engine = createUtilityLauncher(join(folder, 'echo.mjs'))();
    engine.kill();
    expect((await engine.exited).code).not.toBe(0);
  });

  it('ends when its port is closed', async () => {
    const engine = createUtilityLauncher(join(folder, 'echo.mjs'))();
    await client(engine).call('add', [1, 2]);
    engine.port.close();
    await engine.exited;
  });

  it('tells how it ended and what it said last', async () => {
    const engine = createUtilityLauncher(join(folder, 'broken.mjs'))();
    expect(await engine.exited).toEqual({ code: 3, signal: null, output: 'No such library.\n' });
  });
});
