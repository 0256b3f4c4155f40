/**
 * Models that stay loaded: the least recently used ones are put away when a new one would not fit into the budget. One
 * that would not fit alone can be opened, and its small parts used, but it is not run.
 */
import { stat } from 'node:fs/promises';
import { StudioError } from '../../app/base/errors.ts';
import { formatBytes } from '../../app/base/format-bytes.ts';
import { type ModelSource, PRECISIONS, type Precision } from '../../app/contracts/engine-api.ts';
import type { Pipeline } from '../../native-models/pipeline.ts';
import type { Provider } from '../../native-models/runtime.ts';
import { estimateMemory } from './estimate-memory.ts';
import { defaultMemoryBudget } from './memory-budget.ts';

export interface Loading {
  readonly source: ModelSource;
  readonly provider: Provider;
  readonly precision: Precision;
  /** Bytes of all loaded models together; the cache's own when left out. */
  readonly budget?: number | undefined;
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
  /** What was loaded, exactly: files with their times, labels, defaults, preview. */
  readonly fingerprint: string;
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
    const key = JSON.stringify([opening.source.files.toSorted(), opening.provider, opening.precision]);
    const files = await Promise.all(opening.source.files.map(describeFile));
    const fingerprint = JSON.stringify([opening.source, files]);
    const budget = opening.budget ?? this.#budget;
    const fileBytes = files.reduce((sum, { size }) => sum + size, 0);
    if (opening.whole) refuseTooLarge(opening, fileBytes, budget);
    const known = this.#models.get(key);
    if (known?.fingerprint === fingerprint) {
      this.#models.delete(key);
      this.#models.set(key, known);
      return known.pipeline;
    }
    await this.#remove(key);
    const bytes = estimateMemory(fileBytes, opening.precision);
    await this.#makeRoom(bytes, budget);
    const pipeline = await this.#loadOrMakeRoom(opening);
    this.#models.set(key, { pipeline, fingerprint, bytes });
    return pipeline;
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
function refuseTooLarge({ source, precision }: Loading, fileBytes: number, budget: number): void {
  const needed = estimateMemory(fileBytes, precision);
  if (needed <= budget) return;
  const smaller = PRECISIONS.filter((other) => estimateMemory(fileBytes, other) <= budget);
  throw new StudioError(
    'out-of-memory',
    `${source.id} needs about ${formatBytes(needed)} of memory as ${precision}; models may take ${formatBytes(budget)}.`,
    {
      hint: smaller[0]
        ? `As ${smaller[0]} it needs about ${formatBytes(estimateMemory(fileBytes, smaller[0]))}: optimise it, or give models more memory in their settings.`
        : 'Choose a smaller model, or give models more memory in their settings.',
    },
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
