/**
 * A batch over several workers, with a real Redis: workers are killed, Redis is killed, and every picture is made once.
 */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { DEFAULT_OUTPUT } from '../../../app/batch/batch-options.ts';
import { type Running, runUnderpaint, startUnderpaint } from '../../cli/testing/run-underpaint.ts';
import { APP_VERSION } from '../../paths.ts';
import { openStudio } from '../../studio.ts';
import { FolderStore } from '../stores/folder-store.ts';
import { NO_REDIS, RedisServer } from '../testing/redis-server.ts';
import { type QueueNote, writeNote } from './queue-note.ts';
import { runWorker, type WorkerEvent } from './queue-worker.ts';
import { openRedisQueue } from './redis-queue.ts';

/** Five processes with an engine each share the processors. */
const TIMEOUT_MS = 300_000;
const WAIT = { timeout: TIMEOUT_MS, interval: 20 };

interface Event {
  readonly type: string;
  readonly file?: string;
  readonly message?: string;
}

/** A command that runs, with the JSON lines that it has printed so far. */
class Printing {
  readonly running: Running;
  readonly #text: () => string;

  constructor(running: Running) {
    this.running = running;
    let text = '';
    running.child.stdout.on('data', (part: string) => {
      text += part;
    });
    this.#text = () => text;
  }

  events(type: string): Event[] {
    const lines = this.#text().split('\n').slice(0, -1);
    return lines.map((line) => JSON.parse(line) as Event).filter((event) => event.type === type);
  }
}

if (NO_REDIS) console.warn(`Tests of the queue are skipped: ${NO_REDIS}.`);

describe.skipIf(NO_REDIS)('a queued batch', { timeout: TIMEOUT_MS }, () => {
  let folder: string;
  let redis: RedisServer;
  const started: Printing[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'underpaint-queue-'));
    redis = await RedisServer.start();
  });
  afterEach(async () => {
    for (const { running } of started.splice(0)) {
      running.child.kill('SIGTERM');
      await running.ended;
    }
  });
  afterAll(async () => {
    await redis.stop();
    await rm(folder, { recursive: true });
  });

  const start = (...args: string[]) => {
    const printing = new Printing(startUnderpaint(folder, ...args, '--json'));
    started.push(printing);
    return printing;
  };
  const worker = (out: string) => start('worker', '--queue', redis.url, '--out', out, '--lease', '2');
  const batch = (plan: string, out: string) =>
    start('batch', plan, '--out', out, '--provider', 'cpu', '--name', '{label}-{seed}', '--queue', redis.url);
  const plan = async (name: string, text: string) => {
    await writeFile(join(folder, name), text);
    return name;
  };

  it('makes every picture once, though a worker and Redis are killed in the middle', async () => {
    const count = 12;
    const name = await plan('many.yaml', `{ label: "{alpine lake|desert}", seed: 1..${count / 2} }`);
    const workers = [worker('many'), worker('many'), worker('many')];
    const [victim] = workers as [Printing];
    const running = batch(name, 'many');
    const made = () => running.events('picture').length;

    await expect.poll(() => victim.events('picture').length, WAIT).toBeGreaterThan(0);
    victim.running.child.kill('SIGKILL');
    await expect.poll(made, WAIT).toBeGreaterThan(count / 2);
    await redis.restart();
    expect(made()).toBeLessThan(count);

    const { code, stderr } = await running.running.ended;
    expect(code, stderr).toBe(0);
    expect(running.events('result')).toEqual([{ type: 'result', count, made: count, failed: [] }]);
    const told = running.events('picture').map(({ file }) => file);
    expect(new Set(told).size).toBe(count);
    expect(told).toHaveLength(count);
    // The victim may have died between writing a picture and telling of it.
    const painted = workers.flatMap((each) => each.events('picture').map(({ file }) => file));
    expect(new Set(painted).size).toBe(painted.length);
    expect(painted.length).toBeGreaterThanOrEqual(count - 4);
    expect((await readdir(join(folder, 'many'))).sort()).toEqual([...told, '.underpaint'].sort());

    // The same as on one machine.
    const few = await plan('few.yaml', '{ label: "{alpine lake|desert}", seed: 2 }');
    const local = await runUnderpaint(
      folder,
      'batch',
      few,
      '--out',
      'few',
      '--provider',
      'cpu',
      '--name',
      '{label}-{seed}',
    );
    expect(local.code, local.stderr).toBe(0);
    for (const file of (await readdir(join(folder, 'few'))).filter((each) => each.endsWith('.png'))) {
      expect(await readFile(join(folder, 'many', file))).toEqual(await readFile(join(folder, 'few', file)));
    }
  });

  it('goes on after its own call was killed, and says when nobody works', async () => {
    const name = await plan('two.yaml', '{ label: harbour, seed: 1..3 }');
    const first = batch(name, 'two');
    await expect.poll(() => first.events('warning'), WAIT).toHaveLength(1);
    expect(first.events('warning')[0]?.message).toMatch(/No worker with the model .* is at work/);
    first.running.child.kill('SIGKILL');
    await first.running.ended;

    const only = worker('two');
    await expect.poll(() => only.events('picture').length, WAIT).toBe(3);
    const { code, stdout } = await batch(name, 'two').running.ended;
    expect(code).toBe(0);
    expect(stdout).toContain('"type":"result","count":3,"made":0');
    expect(only.events('picture')).toHaveLength(3);
  });

  it('is refused by a worker without its model or of another version, in a sentence', async () => {
    const queue = await openRedisQueue(redis.url);
    const studio = openStudio({ home: join(folder, 'home') });
    const store = new FolderStore(join(folder, 'refused'));
    const warnings: string[] = [];
    const stop = new AbortController();
    const onEvent = (event: WorkerEvent) => {
      if (event.type === 'warning') warnings.push(event.message);
    };
    const working = runWorker({ studio, store, redis: queue, leaseMs: 2000, onEvent, signal: stop.signal });
    const { id } = (await studio.models.find(undefined)).card;
    const options = { provider: 'cpu', precision: 'fp32', previews: 'linear' } as const;
    const note: QueueNote = {
      version: 1,
      id: 'a',
      fingerprint: 'f',
      app: APP_VERSION,
      models: [
        { hash: '0'.repeat(64), id: 'var_d30', name: 'VAR-d30', options },
        { hash: '1'.repeat(64), id, name: 'Starter', options },
      ],
      output: DEFAULT_OUTPUT,
    };
    await writeNote(store, note);
    await expect.poll(() => warnings.length, WAIT).toBe(2);
    await writeNote(store, { ...note, id: 'b', app: '0.0.1' });
    await expect.poll(() => warnings.length, WAIT).toBe(3);
    expect(warnings).toEqual([
      expect.stringMatching(
        /VAR-d30 \(var_d30, contents 000000000000\) is not on this machine\. Its pictures are left to/,
      ),
      expect.stringContaining(
        `The model ${id} of this machine has other contents than that of the batch (111111111111).`,
      ),
      expect.stringContaining('The batch was begun with Underpaint 0.0.1'),
    ]);
    stop.abort();
    await working;
    await studio.dispose();
  });

  it('needs a Redis that answers', async () => {
    await expect(openRedisQueue('redis://me:secret@127.0.0.1:1')).rejects.toMatchObject({
      code: 'unreachable',
      message: 'No Redis answers at redis://me@127.0.0.1:1.',
    });
    await expect(openRedisQueue('http://127.0.0.1')).rejects.toMatchObject({ code: 'bad-request' });
  });
});
