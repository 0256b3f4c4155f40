/**
 * From nothing to a working model: the catalogue, installs, imports, and order in the models folder. The window and the
 * command line are shells around this.
 */
import { mkdir, readFile, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { StudioError } from '../../app/base/errors.ts';
import type { ModelSettings } from '../../app/catalog/model-settings.ts';
import { PUBLISHED_MODELS } from '../../app/catalog/published-models.ts';
import type { Precision } from '../../app/contracts/engine-api.ts';
import type {
  AvailableModel,
  Imported,
  ImportOrder,
  Inspection,
  InstallOrder,
  ModelChange,
  ModelDetails,
  OptimiseReport,
  Orphan,
  VerifiedFile,
} from '../../app/contracts/models-api.ts';
import { writeCard } from '../checkpoints/import-model.ts';
import { type Model, readCard } from '../checkpoints/model-folder.ts';
import type { ModelEntry } from '../checkpoints/model-store.ts';
import { isTextTokenizer } from '../checkpoints/text-tokenizer-file.ts';
import { allowedUrl } from '../downloads/allowed-url.ts';
import { HUB_ENDPOINT } from '../downloads/hub.ts';
import type { RetryPolicy } from '../downloads/retry-policy.ts';
import { TokenStore } from '../downloads/token-store.ts';
import { defaultMemoryBudget } from '../engine/memory-budget.ts';
import { withLock } from '../files/file-lock.ts';
import { findPaths, type Paths } from '../paths.ts';
import { type AskedOptions, type OpenStudioOptions, openStudio, type Studio } from '../studio.ts';
import { describeAvailable, memoryNeeds, offeredModels } from './catalogue.ts';
import { listDerived, removeDerived } from './derived-weights-list.ts';
import { FILES_FOLDER, filesBelow } from './file-places.ts';
import {
  filesOf,
  findOrphans,
  type OnWork,
  refuseForeign,
  removeModel,
  removeOrphans,
  usersOfFiles,
  verifyModel,
} from './housekeeping.ts';
import { importAndTest } from './import-and-test.ts';
import { inspectModel } from './inspect-model.ts';
import type { DownloadedFile, Install } from './install.ts';
import type { InstallRecord, WantedFile } from './install-record.ts';
import { Installs } from './installs.ts';
import { MachineSpeed } from './machine-speed.ts';
import { loadModelSettings, modelFolders, noteMove, saveModelSettings } from './model-settings-file.ts';
import { moveModels } from './move-models.ts';
import { optimiseModel } from './optimise-model.ts';
import { findPublishedFile, orderInstall } from './order-install.ts';
import { ModelThumbnails } from './thumbnails.ts';

const THUMBNAIL_FILE = 'thumbnail.png';

export interface ManagerOptions extends OpenStudioOptions {
  readonly policy?: RetryPolicy | undefined;
}

/** How long work may take, and who is told of it. */
export interface Work {
  readonly signal: AbortSignal;
  readonly onWork: OnWork;
}

export class ModelManager {
  readonly #studio: Studio;
  readonly #options: ManagerOptions;
  readonly #paths: Paths;
  readonly #speed: MachineSpeed;
  readonly thumbnails: ModelThumbnails;
  readonly tokens: TokenStore;
  readonly installs: Installs;

  constructor(studio: Studio, options: ManagerOptions = {}) {
    this.#studio = studio;
    this.#options = options;
    this.#paths = findPaths(options.home);
    const { data } = this.#paths;
    this.#speed = new MachineSpeed(data, () => studio.engine.call('measureSpeed', []));
    this.thumbnails = new ModelThumbnails(data);
    this.tokens = new TokenStore(join(data, 'hub-token'));
    this.installs = new Installs({
      modelsFolder: () => this.modelsFolder,
      hub: async () => ({ endpoint: this.hubEndpoint, token: await this.tokens.read() }),
      usedFiles: async () => new Set((await usersOfFiles(studio.models)).keys()),
      finish: (record, files, signal) => this.#finish(record, files, signal),
      policy: options.policy,
    });
  }

  get modelsFolder(): string {
    return this.#studio.models.folders.models;
  }

  get memoryBudget(): number {
    return this.#studio.memoryBudget ?? defaultMemoryBudget();
  }

  /** HF_ENDPOINT, which the hub's own programs read, counts when the settings have none. */
  get hubEndpoint(): string {
    return (this.settings().hub ?? process.env.HF_ENDPOINT ?? HUB_ENDPOINT).replace(/\/+$/, '');
  }

  settings(): ModelSettings {
    return loadModelSettings(this.#paths.data);
  }

  /** Throws `bad-request` for settings that make no sense, `unwritable`. */
  async changeSettings(change: Partial<Omit<ModelSettings, 'folder'>>): Promise<ModelSettings> {
    if (change.hub) allowedUrl(change.hub);
    return this.#adopt(await saveModelSettings(this.#paths.data, change));
  }

  /** The catalogue. @param patience how long an unknown speed of the machine is waited for, in ms */
  async available(patience = 3_000): Promise<AvailableModel[]> {
    const entries = await this.#studio.models.list();
    const speed = await Promise.race([this.#speed.get(), pause(patience)]);
    const machine = {
      modelsFolder: this.modelsFolder,
      installed: new Set(entries.map(({ id }) => id)),
      memoryBudget: this.memoryBudget,
      speed,
    };
    return Promise.all(offeredModels().map((model) => describeAvailable(model, machine)));
  }

  /** Notes an install; `installs.run` does it. Throws as `orderInstall`, and `bad-request` when the model is there. */
  async order(order: InstallOrder): Promise<Install> {
    const record = orderInstall(order, this.hubEndpoint);
    if ((await this.#studio.models.list()).some(({ id }) => id === record.id)) {
      throw new StudioError('bad-request', `${record.name} is installed already.`);
    }
    return this.installs.start(record);
  }

  async inspect(paths: readonly string[]): Promise<Inspection> {
    return inspectModel(paths, await this.#companions());
  }

  /** Makes files a model; companions that are here already are taken. Throws as `importModel`. */
  async import({ files, id }: ImportOrder, { signal, onWork }: Work, test = true): Promise<Imported> {
    onWork({ stage: 'reading', share: 0, on: files[0] ?? '' });
    const { complete, license } = await this.inspect(files);
    const facts = { ...(license?.id && { license: license.id, licenseUrl: license.url }) };
    const request = { files: complete.length > 0 ? complete : files, id: id ?? undefined, facts };
    return importAndTest(request, { studio: this.#studio, thumbnails: this.thumbnails, signal, onWork }, test);
  }

  async details(id: string, asked: AskedOptions = {}, signal?: AbortSignal): Promise<ModelDetails> {
    const entry = await this.entry(id);
    const model = await this.#studio.models.find(id);
    const description = await this.#studio.describe(model, asked, signal);
    const users = await usersOfFiles(this.#studio.models);
    const files = await filesOf(this.#studio.models, entry);
    const withUsers = files.map((file) => ({
      ...file,
      sharedWith: (users.get(file.path) ?? []).filter((user) => user.id !== entry.id).map(({ name }) => name),
    }));
    const { card } = model;
    return {
      id: entry.id,
      name: card.name,
      title: description.title,
      family: card.family,
      folder: entry.folder,
      builtIn: entry.builtIn,
      shared: entry.shared,
      license: card.license ?? null,
      licenseUrl: card.licenseUrl ?? null,
      files: withUsers,
      derived: (await this.#derivedOf(model)).map(({ kind, size }) => ({ precision: kind ?? '', size })),
      precision: this.#studio.optionsFor(model, asked).precision,
      memory: memoryNeeds(entry.size, this.memoryBudget),
      settings: description.settings,
      defaults: card.defaults ?? {},
    };
  }

  /** Throws `bad-request` for a model whose card is not ours. */
  async change(id: string, change: ModelChange): Promise<void> {
    const entry = await this.entry(id);
    refuseForeign(entry);
    await this.#exclusively(async () => {
      const card = await readCard(entry.folder);
      if (!card) throw new StudioError('missing-file', `${entry.name} has no card any more.`);
      const { name = card.name, defaults = card.defaults, precision = card.precision } = change;
      await writeCard(entry.folder, { ...card, name, defaults, precision });
    });
  }

  /** The picture that stands for a model, a PNG: its last one, else the one in its folder. */
  async thumbnail(id: string): Promise<Uint8Array | null> {
    const last = await this.thumbnails.read(id);
    if (last) return last;
    const entry = (await this.#studio.models.list()).find((model) => model.id === id);
    return entry ? readFile(join(entry.folder, THUMBNAIL_FILE)).catch(() => null) : null;
  }

  async remove(id: string): Promise<void> {
    const entry = await this.entry(id);
    refuseForeign(entry);
    const derived = await this.#studio.models
      .find(id)
      .then((model) => this.#derivedOf(model))
      .catch(() => []);
    await this.#exclusively(() => removeModel(this.#studio.models, entry));
    const users = await usersOfFiles(this.#studio.models);
    for (const file of derived) if (!users.has(file.source ?? '')) await removeDerived(file);
    await this.thumbnails.remove(id);
  }

  /** @param id null for all models but those that came with Underpaint */
  async verify(id: string | null, work: Work): Promise<VerifiedFile[]> {
    const all = (await this.#studio.models.list()).filter(({ builtIn }) => !builtIn);
    const entries = id === null ? all : [await this.entry(id)];
    const results: VerifiedFile[] = [];
    for (const entry of entries) results.push(...(await verifyModel(this.#studio.models, entry, work)));
    return results;
  }

  orphans(): Promise<Orphan[]> {
    return findOrphans(this.#studio.models, this.#paths.data);
  }

  removeOrphans(paths: readonly string[]): Promise<void> {
    return this.#exclusively(() => removeOrphans(this.#studio.models, this.#paths.data, paths));
  }

  /**
   * Moves the models folder. @param folder null for its place in the data folder
   *
   * @throws StudioError in-use while something is installed, and what `moveModels` throws
   */
  async move(folder: string | null, { signal, onWork }: Work): Promise<ModelSettings> {
    if (this.installs.isBusy) {
      throw new StudioError('in-use', 'A model is being installed.', { hint: 'Pause it, and move the folder then.' });
    }
    const way = { from: this.modelsFolder, to: folder ?? this.#paths.models };
    const use = async () => {
      this.#adopt(await saveModelSettings(this.#paths.data, { folder }));
    };
    await this.#exclusively(() => noteMove(this.#paths.data, way, () => moveModels({ ...way, signal, onWork, use })));
    return this.settings();
  }

  /** Makes weights of a precision, and uses them from now on. Throws what loading and painting throw. */
  async optimise(id: string, precision: Precision, asked: AskedOptions, work: Work): Promise<OptimiseReport> {
    const model = await this.#studio.models.find(id);
    const report = await optimiseModel(model, precision, {
      ...work,
      dataFolder: this.#paths.data,
      openStudio: () => openStudio(this.#options),
      options: asked,
    });
    await this.change(id, { precision });
    return report;
  }

  async undoOptimise(id: string): Promise<void> {
    const model = await this.#studio.models.find(id);
    await this.change(id, { precision: 'fp32' });
    for (const file of await this.#derivedOf(model)) if (file.kind !== 'contiguous') await removeDerived(file);
  }

  /** Throws `unknown-model`. */
  async entry(id: string): Promise<ModelEntry> {
    const entry = (await this.#studio.models.list()).find((model) => model.id === id);
    if (entry) return entry;
    throw new StudioError('unknown-model', `There is no model "${id}".`, { hint: 'See: underpaint models list' });
  }

  /** Files on this machine that complete what is imported. */
  async #companions(): Promise<string[]> {
    const used = await usersOfFiles(this.#studio.models);
    const downloaded = await filesBelow(join(this.modelsFolder, FILES_FOLDER));
    return [...new Set([...used.keys(), ...downloaded])].filter((path) => !/\.(part|json|new)$|\.lock\//.test(path));
  }

  async #derivedOf({ source }: Model) {
    const files = new Set(source.files);
    return (await listDerived(this.#paths.data)).filter((file) => file.source !== undefined && files.has(file.source));
  }

  async #finish(
    record: InstallRecord,
    downloaded: readonly DownloadedFile[],
    signal: AbortSignal,
  ): Promise<WantedFile | undefined> {
    const checkpoints = downloaded.filter(({ path }) => !isTextTokenizer(path));
    const files = [...(record.own ?? []), ...checkpoints.map(({ path }) => path)];
    const { complete, missing } = await this.inspect(files);
    if (missing?.file) {
      const companion = findPublishedFile(missing.file);
      const isAsked = record.files.some(({ name }) => name === missing.file);
      if (companion && !isAsked) return { name: companion.name, size: companion.size, at: companion.at };
    }
    const hashes = new Map<string, string>();
    for (const { path, sha256 } of downloaded) hashes.set(await realpath(path), sha256);
    const { id, license } = record;
    const known = PUBLISHED_MODELS.find((model) => model.id === id);
    const facts = {
      ...(known && { name: `${known.name}, ${known.width}×${known.height}` }),
      ...(license && { license: license.id ?? 'no licence', licenseUrl: license.url }),
      hashes,
    };
    await importAndTest(
      { files: complete.length > 0 ? complete : files, id, facts },
      { studio: this.#studio, thumbnails: this.thumbnails, signal, onWork: () => {} },
      true,
    );
    return undefined;
  }

  #adopt(settings: ModelSettings): ModelSettings {
    this.#studio.models.use(modelFolders(this.#paths, settings));
    this.#studio.memoryBudget = settings.memoryBudget ?? undefined;
    return settings;
  }

  /** Against another Underpaint that changes the models folder at the same time. */
  async #exclusively<T>(work: () => Promise<T>): Promise<T> {
    await mkdir(this.#paths.data, { recursive: true });
    return withLock(join(this.#paths.data, 'models.lock'), 'Another change of the models', work);
  }
}

function pause(ms: number): Promise<undefined> {
  return new Promise((resolve) => setTimeout(resolve, ms, undefined).unref());
}
