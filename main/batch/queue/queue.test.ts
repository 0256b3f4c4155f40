/**
 * A batch over several workers, with a real Redis: workers are killed, Redis is killed, and every picture is made once.
 */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Running, runUnderpaint, startUnderpaint } from '../../cli/testing/run-underpaint.ts';
import { NO_REDIS, RedisServer } from '../testing/redis-server.ts';

const WAIT = { timeout: 60_000, interval: 20 };

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

describe.skipIf(NO_REDIS)('a queued batch', () => {
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
    const { writeFile } = await import('node:fs/promises');
    await writeFile(join(folder, name), text);
    return name;
  };

  it('makes every picture once, though a worker and Redis are killed in the middle', async () => {
    const count = 18;
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
    const few = await plan('few.yaml', '{ label: "{alpine lake|desert}", seed: [2, 7] }');
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

  it('is refused by a worker without the model, in a sentence', async () => {
    const golden = join(import.meta.dirname, '../../../test/golden');
    const files = [
      '--transformer',
      `${golden}/var256/checkpoint.pth`,
      '--tokenizer',
      `${golden}/shared/vae_ch32v320z32.pth`,
    ];
    const imported = await runUnderpaint(folder, 'models', 'import', ...files, '--id', 'tiny');
    expect(imported.code, imported.stderr).toBe(0);
    const name = await plan('tiny.yaml', '{ model: tiny, label: 0, seed: 1 }');
    const running = batch(name, 'tiny');
    await expect.poll(() => running.events('start'), WAIT).toHaveLength(1);
    await rm(join(folder, 'home/models/tiny'), { recursive: true });
    const only = worker('tiny');
    await expect.poll(() => only.events('warning'), WAIT).toHaveLength(1);
    expect(only.events('warning')[0]?.message).toMatch(
      /The model .* \(tiny, contents [0-9a-f]{12}\) is not on this machine\. Its pictures are left to other workers/,
    );
    running.running.child.kill('SIGINT');
    expect((await running.running.ended).code).toBe(130);
  });

  it('needs a Redis that answers', async () => {
    const name = await plan('none.yaml', '{ label: harbour }');
    const ended = await runUnderpaint(folder, 'batch', name, '--out', 'none', '--queue', 'redis://127.0.0.1:1');
    expect(ended).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('No Redis answers at redis://127.0.0.1:1'),
    });
    const wrong = await runUnderpaint(folder, 'worker', '--out', 'none', '--queue', 'http://127.0.0.1');
    expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining('is no address of a queue') });
  });
});
