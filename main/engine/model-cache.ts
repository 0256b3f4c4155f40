/**
 * Models that stay loaded: the least recently used ones are put away when a new one would not fit into the budget.
 * What a model takes is estimated by the sizes of its files.
 */
import { stat } from 'node:fs/promises';
import { totalmem } from 'node:os';
import { StudioError } from '../../app/base/errors.ts';
import type { ModelSource, Precision } from '../../app/contracts/engine-api.ts';
import type { Pipeline } from '../../native-models/pipeline.ts';
import type { Provider } from '../../native-models/runtime.ts';

export interface Loading {
  readonly source: ModelSource;
  readonly provider: Provider;
  readonly precision: Precision;
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

  /** @param budget bytes of all loaded models together; a single larger model is loaded all the same */
  constructor(load: LoadModel, budget: number = usableMemory() / 2) {
    this.#load = load;
    this.#budget = budget;
  }

  /** The loaded model, from the cache if nothing about it has changed. Throws `missing-file` and what loading throws. */
  async get(loading: Loading): Promise<Pipeline> {
    const key = JSON.stringify([loading.source.files.toSorted(), loading.provider, loading.precision]);
    const files = await Promise.all(loading.source.files.map(describeFile));
    const fingerprint = JSON.stringify([loading.source, files]);
    const known = this.#models.get(key);
    if (known?.fingerprint === fingerprint) {
      this.#models.delete(key);
      this.#models.set(key, known);
      return known.pipeline;
    }
    await this.#remove(key);
    const bytes = files.reduce((sum, { size }) => sum + size, 0);
    await this.#makeRoom(bytes);
    const pipeline = await this.#loadOrMakeRoom(loading);
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

  async #makeRoom(bytes: number): Promise<void> {
    let used = [...this.#models.values()].reduce((sum, model) => sum + model.bytes, 0);
    for (const [key, model] of [...this.#models]) {
      if (used + bytes <= this.#budget) return;
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

/** Bytes of memory, or what a container may have of it. */
function usableMemory(): number {
  return Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY);
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
