/**
 * Models that stay loaded: the least recently used ones are put away when a new one would not fit into the budget. One
 * that would not fit alone can be opened, and its small parts used, but it is not run.
 */
import { stat } from 'node:fs/promises';
import { StudioError } from '../../app/base/errors.ts';
import { formatBytes } from '../../app/base/format-bytes.ts';
import { type ModelSource, PRECISIONS, type Precision } from '../../app/contracts/engine-api.ts';
import { type MemoryNeed, type ModelMemory, memoryOfFiles, totalNeed } from '../../native-models/memory.ts';
import type { Pipeline } from '../../native-models/pipeline.ts';
import type { Provider } from '../../native-models/runtime.ts';
import { availableMemory } from './available-memory.ts';
import { defaultMemoryBudget } from './memory-budget.ts';

export interface Loading {
  readonly source: ModelSource;
  readonly provider: Provider;
  readonly precision: Precision;
  /** Bytes of all loaded models together; the cache's own when left out. */
  readonly budget?: number | undefined;
  /** See `EngineOptions`. */
  readonly threads?: number | undefined;
  /** Told how much of the weights that the precision needs is there, 0 … 1. */
  readonly onProgress?: ((share: number) => void) | undefined;
}

export interface Opening extends Loading {
  /** Whether all of it will be in memory: its description, or its tokenizer alone, take little. */
  readonly whole: boolean;
}

export type LoadModel = (loading: Loading) => Promise<Pipeline>;

interface CachedModel {
  readonly pipeline: Pipeline;
  readonly memory: ModelMemory;
  /** What was loaded, exactly: files with their times, labels, defaults, preview. */
  readonly fingerprint: string;
  /** Room that was made for all of it; 0 while it is only an outline. */
  readonly bytes: number;
}

/** Not for use by several callers at once: a model may be put away while another call still runs it. */
export class ModelCache {
  readonly #load: LoadModel;
  readonly #budget: number;
  /** Least recently used first. */
  readonly #models = new Map<string, CachedModel>();

  /** @param budget bytes of all loaded models together */
  constructor(load: LoadModel, budget: number = defaultMemoryBudget()) {
    this.#load = load;
    this.#budget = budget;
  }

  /**
   * The loaded model, from the cache if nothing about it has changed.
   *
   * @throws StudioError missing-file, out-of-memory when all of it is wanted and would not fit, and what loading throws
   */
  async get(opening: Opening): Promise<Pipeline> {
    return (await this.#open(opening)).pipeline;
  }

  /** What a model would take, without loading all of it. Throws as `get`. */
  async need(loading: Loading): Promise<MemoryNeed> {
    return (await this.#open({ ...loading, whole: false })).memory.need(loading.precision);
  }

  /** Bytes that models may take together now. */
  available(budget = this.#budget): number {
    return Math.min(budget, availableMemory());
  }

  async #open(opening: Opening): Promise<CachedModel> {
    const { source, provider, precision, threads } = opening;
    const key = JSON.stringify([source.files.toSorted(), provider, precision, threads]);
    const files = await Promise.all(source.files.map(describeFile));
    const fingerprint = JSON.stringify([source, files]);
    const found = this.#models.get(key);
    // A budget may have become smaller than what is loaded.
    const isGood = found?.fingerprint === fingerprint && found.bytes <= (opening.budget ?? this.#budget);
    if (found && !isGood) await this.#remove(key);
    const outline = found && isGood ? found : await this.#outline(opening, fingerprint, files);
    this.#models.delete(key);
    this.#models.set(key, outline);
    if (!opening.whole || outline.bytes > 0) return outline;
    const model = { ...outline, bytes: await this.#roomFor(opening, outline.memory) };
    this.#models.set(key, model);
    return model;
  }

  /** Pipelines load what they need when they need it: this takes next to nothing. */
  async #outline(
    loading: Loading,
    fingerprint: string,
    files: readonly { readonly size: number }[],
  ): Promise<CachedModel> {
    const pipeline = await this.#loadOrMakeRoom(loading);
    const memory = pipeline.memory ?? memoryOfFiles(files.reduce((sum, { size }) => sum + size, 0));
    return { pipeline, memory, fingerprint, bytes: 0 };
  }

  /** @returns how much room there is for all of a model; throws `out-of-memory` when there never will be */
  async #roomFor(loading: Loading, memory: ModelMemory): Promise<number> {
    const available = this.available(loading.budget);
    const bytes = totalNeed(memory.need(loading.precision));
    if (bytes > available) throw tooLarge(loading, memory, available);
    await this.#makeRoom(bytes, loading.budget ?? this.#budget);
    return bytes;
  }

  /** Puts all models away. */
  async clear(): Promise<void> {
    for (const key of [...this.#models.keys()]) await this.#remove(key);
  }

  async #loadOrMakeRoom(loading: Loading): Promise<Pipeline> {
    try {
      return await this.#load(loading);
    } catch (error) {
      const full = error instanceof StudioError && error.code === 'out-of-memory';
      if (!full || this.#models.size === 0) throw error;
      await this.clear();
      return this.#load(loading);
    }
  }

  async #makeRoom(bytes: number, budget: number): Promise<void> {
    let used = [...this.#models.values()].reduce((sum, model) => sum + model.bytes, 0);
    for (const [key, model] of [...this.#models]) {
      if (used + bytes <= budget) return;
      if (model.bytes === 0) continue;
      await this.#remove(key);
      used -= model.bytes;
    }
  }

  async #remove(key: string): Promise<void> {
    const model = this.#models.get(key);
    this.#models.delete(key);
    await model?.pipeline.dispose();
  }
}

/** Says what would fit instead. */
function tooLarge({ source, precision }: Loading, memory: ModelMemory, available: number): StudioError {
  const bytes = (option: Precision) => totalNeed(memory.need(option));
  const fewerBits = PRECISIONS.find((option) => bytes(option) <= available);
  const elsewhere = 'close other programs, or give models more memory in their settings.';
  const hint = fewerBits
    ? `As ${fewerBits} it needs about ${formatBytes(bytes(fewerBits))}: optimise it or use --precision ${fewerBits}. Or ${elsewhere}`
    : `${memory.smaller(available) ?? 'Choose a smaller model.'} Or ${elsewhere}`;
  return new StudioError(
    'out-of-memory',
    `${source.id} needs about ${formatBytes(bytes(precision))} of memory as ${precision}; there are ${formatBytes(available)} for models.`,
    { hint },
  );
}

async function describeFile(file: string): Promise<{ size: number; modified: number }> {
  try {
    const { size, mtimeMs } = await stat(file);
    return { size, modified: mtimeMs };
  } catch (cause) {
    throw new StudioError('missing-file', `The model's file ${file} cannot be opened.`, {
      hint: 'Put it back, or import the model again.',
      detail: String(cause),
      cause,
    });
  }
}
