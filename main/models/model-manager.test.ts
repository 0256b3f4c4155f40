/**
 * The manager with the real engine, the authors' layout of checkpoints, and a hub on loopback.
 */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { copyFile, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { WorkEvent } from '../../app/contracts/models-api.ts';
import type { RetryPolicy } from '../downloads/retry-policy.ts';
import { bytesOf, HostileServer, sha256Of, status } from '../downloads/testing/hostile-server.ts';
import { serveHub } from '../downloads/testing/hub-double.ts';
import { openStudio, type Studio } from '../studio.ts';
import { ModelManager } from './model-manager.ts';

const GOLDEN = fileURLToPath(new URL('../../test/golden/', import.meta.url));
const TRANSFORMER = new Uint8Array(readFileSync(join(GOLDEN, 'var256/checkpoint.pth')));
const TOKENIZER = new Uint8Array(readFileSync(join(GOLDEN, 'shared/vae_ch32v320z32.pth')));
const QUICK: RetryPolicy = { baseMs: 5, maxMs: 20, attempts: 3, stallMs: 2000 };
const VAR = 'FoundationVision/var';

let server: HostileServer;
let home: string;
let studio: Studio;
let manager: ModelManager;

beforeAll(async () => {
  server = await HostileServer.start();
});
afterAll(() => server.close());
beforeEach(() => {
  home = realpathSync(mkdtempSync(join(tmpdir(), 'underpaint-manager-')));
  vi.stubEnv('UNDERPAINT_HOME', home);
  vi.stubEnv('HF_ENDPOINT', server.origin);
  vi.stubEnv('HF_TOKEN', '');
  server.requests.length = 0;
  serveHub(server, { repo: VAR, files: { 'var_d16.pth': TRANSFORMER, 'vae_ch160v4096z32.pth': TOKENIZER } });
  openManager();
});
afterEach(async () => {
  await manager.installs.close();
  await studio.dispose();
  vi.unstubAllEnvs();
  rmSync(home, { recursive: true });
});

function openManager(): void {
  studio = openStudio();
  manager = new ModelManager(studio, { policy: QUICK });
}

const work = (events: WorkEvent[] = []) => ({
  signal: new AbortController().signal,
  onWork: (event: WorkEvent) => events.push(event),
});

async function install(id = 'var_d16'): Promise<boolean> {
  const begun = await manager.order({ type: 'published', id, licenseAccepted: false });
  const done = await manager.installs.run(begun);
  if (!done && begun.error) throw Object.assign(new Error(begun.error.message), begun.error);
  return done;
}

/** Checkpoints of the person's own, somewhere on the disk. */
async function ownFiles(): Promise<{ transformer: string; tokenizer: string }> {
  const folder = join(home, 'elsewhere');
  mkdirSync(folder, { recursive: true });
  const [transformer, tokenizer] = [join(folder, 'mine.pth'), join(folder, 'vae.pth')];
  await copyFile(join(GOLDEN, 'var256/checkpoint.pth'), transformer);
  await copyFile(join(GOLDEN, 'shared/vae_ch32v320z32.pth'), tokenizer);
  return { transformer, tokenizer };
}

describe('the catalogue', () => {
  it('offers what the registry knows, with size, memory, seconds and licence', async () => {
    const models = await manager.available(60_000);
    expect(models.map(({ family }) => family)).not.toContain('fake');
    const [first] = models;
    expect(first).toMatchObject({
      id: 'var_d16',
      width: 256,
      license: { id: 'MIT', kind: 'free' },
      needsConsent: false,
      installed: false,
    });
    expect(first?.missing).toBe(first?.size);
    expect(first?.memory[0]?.precision).toBe('fp32');
    expect(first?.memory[0]?.bytes).toBeGreaterThan(first?.size ?? 0);
    expect(first?.seconds).toBeGreaterThan(0.05);
    expect(first?.seconds).toBeLessThan(1000);
  });

  it('says what fits when the budget changes', async () => {
    await manager.changeSettings({ memoryBudget: 2_000_000_000 });
    const fits = (await manager.available(0)).map(({ id, memory }) => [id, memory[0]?.fits, memory[1]?.fits]);
    expect(fits).toContainEqual(['var_d16', false, true]);
    expect(fits).toContainEqual(['var_d36', false, false]);
    await expect(manager.order({ type: 'published', id: 'var_d61', licenseAccepted: false })).rejects.toMatchObject({
      code: 'unknown-model',
      hint: expect.stringContaining('var_d16'),
    });
  });
});

it('shows every embedded model with a picture of its own', async () => {
  const embedded = (await studio.models.list()).filter(({ builtIn }) => builtIn);
  expect(embedded.length).toBeGreaterThan(1);
  for (const { id } of embedded) {
    const png = await manager.thumbnail(id);
    expect(
      Buffer.from(png ?? [])
        .subarray(1, 4)
        .toString(),
      id,
    ).toBe('PNG');
  }
  expect(await manager.thumbnail('nothing')).toBeNull();
});

describe('an install', () => {
  it('brings a model that paints, with its hashes, its licence and a thumbnail', async () => {
    expect(await install()).toBe(true);
    const [entry] = (await studio.models.list()).filter(({ builtIn }) => !builtIn);
    expect(entry).toMatchObject({ id: 'var_d16', license: 'MIT', problem: undefined });
    const { card } = await studio.models.find('var_d16');
    expect(card.hashes).toEqual({ transformer: sha256Of(TRANSFORMER), tokenizer: sha256Of(TOKENIZER) });
    expect(card.preview).toBeDefined();
    expect(card.files?.transformer).toBe('../files/FoundationVision--var/var_d16.pth');
    expect((await manager.thumbnails.read('var_d16'))?.length).toBeGreaterThan(100);
    expect(await manager.orphans()).toEqual([]);
    expect(readdirSync(join(home, 'models/installs'))).toEqual([]);
    await expect(install()).rejects.toMatchObject({ code: 'bad-request' });
  });

  it('of a second model takes the tokenizer that is there', async () => {
    await install();
    serveHub(server, { repo: VAR, files: { 'var_d20.pth': TRANSFORMER, 'vae_ch160v4096z32.pth': TOKENIZER } });
    server.requests.length = 0;
    await install('var_d20');
    expect(server.requests.filter(({ path }) => path.startsWith('/cdn/')).length).toBe(1);
    await manager.remove('var_d16');
    expect((await studio.models.find('var_d20')).card.id).toBe('var_d20');
    await manager.remove('var_d20');
    expect(
      readdirSync(join(home, 'models'), { recursive: true }).filter((name) => String(name).endsWith('.pth')),
    ).toEqual([]);
  });

  it('that fails says why, and goes on from there, also after the program was started again', async () => {
    const files = { 'var_d16.pth': TRANSFORMER, 'vae_ch160v4096z32.pth': TOKENIZER };
    serveHub(server, { repo: VAR, files, serving: { cutAfter: 30_000, pace: { ms: 1, bytes: 10_000 } } });
    const cdn = `/cdn/${sha256Of(TRANSFORMER)}`;
    server.onEach(cdn, bytesOf(TRANSFORMER, { cutAfter: 100_000 }), status(404));
    await expect(install()).rejects.toMatchObject({ code: 'refused' });
    await manager.installs.close();
    await studio.dispose();

    openManager();
    serveHub(server, { repo: VAR, files });
    server.requests.length = 0;
    const installed = new Promise((resolve) =>
      manager.installs.watch((event) => event.type === 'installed' && resolve(event)),
    );
    await manager.installs.resume();
    expect(await installed).toMatchObject({ model: 'var_d16' });
    expect(server.requests.some(({ path, range }) => path.startsWith('/var_d16') || range !== '')).toBe(true);
    expect((await studio.models.find('var_d16')).card.id).toBe('var_d16');
  });

  it('can be paused and cancelled', async () => {
    const files = { 'var_d16.pth': TRANSFORMER, 'vae_ch160v4096z32.pth': TOKENIZER };
    serveHub(server, { repo: VAR, files, serving: { pace: { ms: 10, bytes: 5_000 } } });
    const begun = await manager.order({ type: 'published', id: 'var_d16', licenseAccepted: false });
    const running = manager.installs.run(begun);
    await expect.poll(() => begun.view.files.some(({ done }) => done > 0)).toBe(true);
    await manager.installs.obey({ type: 'pause', install: 'var_d16' });
    expect([await running, begun.view.state]).toEqual([false, 'paused']);
    await manager.installs.obey({ type: 'cancel', install: 'var_d16' });
    expect(readdirSync(join(home, 'models'), { recursive: true }).filter((name) => /pth/.test(String(name)))).toEqual(
      [],
    );
    expect(await manager.orphans()).toEqual([]);
  });

  it('of an address finds out what it is, and brings the tokenizer too', async () => {
    const url = server.on('/somewhere/my-var.pth', bytesOf(TRANSFORMER));
    const order = { type: 'addresses', addresses: [url] } as const;
    await expect(manager.order({ ...order, licenseAccepted: false })).rejects.toMatchObject({ code: 'needs-consent' });
    const begun = await manager.order({ ...order, licenseAccepted: true });
    expect([await manager.installs.run(begun), begun.error]).toEqual([true, undefined]);
    const { card } = await studio.models.find('my-var');
    expect(card.hashes).toEqual({ transformer: sha256Of(TRANSFORMER), tokenizer: sha256Of(TOKENIZER) });
  });

  it('of something else says that it is no model', async () => {
    const url = server.on('/x/notes.pth', bytesOf(new TextEncoder().encode('no checkpoint at all')));
    const begun = await manager.order({ type: 'addresses', addresses: [url], licenseAccepted: true });
    expect(await manager.installs.run(begun)).toBe(false);
    expect(begun.error).toMatchObject({ code: 'not-a-model' });
  });

  it('is not done twice at once', async () => {
    const files = { 'var_d16.pth': TRANSFORMER, 'vae_ch160v4096z32.pth': TOKENIZER };
    serveHub(server, { repo: VAR, files, serving: { pace: { ms: 10, bytes: 50_000 } } });
    const other = new ModelManager(studio, { policy: QUICK });
    const begun = await manager.order({ type: 'published', id: 'var_d16', licenseAccepted: false });
    const running = manager.installs.run(begun);
    await expect.poll(() => begun.view.files.some(({ done }) => done > 0)).toBe(true);
    const second = await other.order({ type: 'published', id: 'var_d16', licenseAccepted: false });
    expect([await other.installs.run(second), second.view.state]).toEqual([false, 'elsewhere']);
    expect(await running).toBe(true);
    await other.installs.refresh();
    await other.installs.close();
  });
});

describe('an import', () => {
  it('says what files are, and what is missing', async () => {
    const { transformer, tokenizer } = await ownFiles();
    writeFileSync(join(home, 'elsewhere', 'page.pth'), '<!DOCTYPE html>');
    const alone = await manager.inspect([transformer]);
    expect(alone).toMatchObject({
      family: 'var',
      complete: [],
      missing: { file: 'vae_ch160v4096z32.pth', what: expect.stringContaining('tokenizer') },
    });
    const folder = await manager.inspect([join(home, 'elsewhere')]);
    expect(folder.complete.toSorted()).toEqual([transformer, tokenizer].toSorted());
    expect(folder.files.filter(({ known }) => !known)).toMatchObject([{ reason: expect.stringContaining('web page') }]);
    await expect(manager.inspect(['/nowhere'])).rejects.toMatchObject({ code: 'missing-file' });
  });

  it('uses files where they lie, tries them, and takes a tokenizer that is here', async () => {
    await install();
    const { transformer } = await ownFiles();
    const events: WorkEvent[] = [];
    const imported = await manager.import({ files: [transformer], id: null }, work(events));
    expect(imported).toMatchObject({ id: 'mine', problems: [], selfTest: { steps: 10 } });
    expect(events.map(({ stage }) => stage)).toEqual(['reading', 'preview', 'self-test']);
    expect((await studio.models.find('mine')).card.files).toMatchObject({ transformer });
    await manager.remove('mine');
    expect(existsSync(transformer)).toBe(true);
  });
});

describe('housekeeping', () => {
  it('verifies, finds damage, and learns what nobody published', async () => {
    await install();
    const { transformer, tokenizer } = await ownFiles();
    await manager.import({ files: [transformer, tokenizer], id: null }, work());
    const results = async () =>
      Object.fromEntries((await manager.verify(null, work())).map(({ path, result }) => [path, result]));
    const first = await results();
    const own = join(home, 'models/files/FoundationVision--var/var_d16.pth');
    expect([first[own], first[transformer]]).toEqual(['good', 'unknown']);
    const damaged = Buffer.from(TRANSFORMER);
    damaged[damaged.length >> 1] = (damaged[damaged.length >> 1] ?? 0) ^ 1;
    writeFileSync(transformer, damaged);
    rmSync(own);
    expect(await results()).toMatchObject({ [transformer]: 'damaged', [own]: 'missing', [tokenizer]: 'good' });
  });

  it('finds orphans and takes only those away', async () => {
    await install();
    const files = join(home, 'models/files/x');
    mkdirSync(files, { recursive: true });
    writeFileSync(join(files, 'old.pth'), 'xx');
    writeFileSync(join(files, 'half.pth.part'), 'x');
    mkdirSync(join(home, 'models/killed'));
    writeFileSync(join(home, 'models/killed/.abc.partial'), '{');
    const orphans = await manager.orphans();
    expect(orphans.map(({ kind, size }) => [kind, size]).toSorted()).toEqual([
      ['checkpoint', 2],
      ['download', 1],
      ['folder', 0],
    ]);
    const kept = join(home, 'models/files/FoundationVision--var/var_d16.pth');
    await manager.removeOrphans([...orphans.map(({ path }) => path), kept, join(home, 'models')]);
    expect(await manager.orphans()).toEqual([]);
    expect(existsSync(kept)).toBe(true);
  });

  it('moves the models folder, and back', async () => {
    await install();
    const to = join(home, 'another disk', 'models');
    await manager.move(to, work());
    expect((await studio.models.find('var_d16')).source.files.every((file) => file.startsWith(to))).toBe(true);
    expect(existsSync(join(home, 'models'))).toBe(false);
    await expect(manager.move(to, work())).rejects.toMatchObject({ code: 'bad-request' });
    await expect(manager.move('relative', work())).rejects.toMatchObject({ code: 'bad-request' });
    await expect(manager.move(join(to, 'inside'), work())).rejects.toMatchObject({ code: 'bad-request' });
    const other = openStudio();
    expect((await other.models.find('var_d16')).card.id).toBe('var_d16');
    await other.dispose();
    writeFileSync(join(home, 'models-move.json'), JSON.stringify({ from: to, to: join(home, 'models') }));
    renameSync(to, join(home, 'models'));
    const afterKill = openStudio();
    expect((await afterKill.models.find('var_d16')).card.id).toBe('var_d16');
    await afterKill.dispose();
    renameSync(join(home, 'models'), to);
    await manager.move(null, work());
    expect(existsSync(to)).toBe(false);
    expect((await studio.models.find('var_d16')).card.id).toBe('var_d16');
  });

  it('uses the models of another program, and writes nothing there', async () => {
    await ownFiles();
    await manager.changeSettings({ shared: [home] });
    const before = readdirSync(join(home, 'elsewhere'));
    const [shared] = (await studio.models.list()).filter((entry) => entry.shared);
    expect(shared).toMatchObject({ id: 'elsewhere', family: 'var', problem: undefined });
    expect((await manager.verify('elsewhere', work())).map(({ result }) => result)).toEqual(['unknown', 'unknown']);
    await expect(manager.remove('elsewhere')).rejects.toMatchObject({ code: 'bad-request' });
    await expect(manager.change('elsewhere', { name: 'x' })).rejects.toMatchObject({ code: 'bad-request' });
    expect(readdirSync(join(home, 'elsewhere'))).toEqual(before);
  });

  it('keeps default settings and a name', async () => {
    await install();
    await manager.change('var_d16', { name: 'My dogs', defaults: { cfg: 2 } });
    const { card, source } = await studio.models.find('var_d16');
    expect([card.name, source.defaults]).toEqual(['My dogs', { cfg: 2 }]);
    expect(card.preview).toBeDefined();
  });
});

it('optimises with a picture before and after, and takes it back', async () => {
  await install();
  const events: WorkEvent[] = [];
  const report = await manager.optimise('var_d16', 'int8', { provider: 'cpu' }, work(events));
  expect(report.psnr).toBeGreaterThan(10);
  expect(report.before.image.width).toBe(report.after.image.width);
  expect(report.after.seconds).toBeGreaterThan(0);
  expect(report.after.memory).toBeGreaterThan(2 ** 20);
  expect(report.size).toBeGreaterThan(0);
  expect(events.map(({ share }) => share)).toEqual(events.map(({ share }) => share).toSorted((a, b) => a - b));
  expect((await manager.details('var_d16')).precision).toBe('int8');
  expect((await manager.details('var_d16')).derived).toMatchObject([{ precision: 'int8' }, { precision: 'int8' }]);
  await manager.undoOptimise('var_d16');
  expect(await manager.details('var_d16')).toMatchObject({ precision: 'fp32', derived: [] });
  expect((await stat(join(home, 'cache/weights'))).isDirectory()).toBe(true);
});

it('refuses a model that will not fit before it is loaded', async () => {
  await install();
  await manager.changeSettings({ memoryBudget: 2 ** 20 });
  await expect(studio.generate({ model: 'var_d16', label: 0, seed: 1, settings: {} }, {})).rejects.toMatchObject({
    code: 'out-of-memory',
    hint: expect.stringContaining('memory'),
  });
  expect(await studio.describe(await studio.models.find('var_d16'), {})).toMatchObject({ family: 'var' });
});
