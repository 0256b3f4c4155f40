/**
 * A checkpoint's tensors as values of one graph, in float32 whatever their storage type.
 */
import { StudioError } from '../../app/base/errors.ts';
import type { GraphBuilder, Value } from '../graph/graph-builder.ts';
import { cast } from '../graph/ops.ts';
import type { TensorEntry, TensorIndex } from '../weights/tensor-entry.ts';

export class GraphWeights {
  readonly #graph: GraphBuilder;
  readonly #index: TensorIndex;
  readonly #prefix: string;

  constructor(graph: GraphBuilder, index: TensorIndex, prefix = '') {
    this.#graph = graph;
    this.#index = index;
    this.#prefix = prefix;
  }

  /** The same checkpoint with keys below `name.`; nodes built inside get that name as their path. */
  under<T>(name: string, build: (weights: GraphWeights) => T): T {
    const weights = new GraphWeights(this.#graph, this.#index, `${this.#prefix}${name}.`);
    return this.#graph.scope(name, () => build(weights));
  }

  has(key: string): boolean {
    return this.#index.entries.has(this.#prefix + key);
  }

  /** Throws `corrupt-checkpoint` when the checkpoint lacks the key. */
  entry(key: string): TensorEntry {
    const entry = this.#index.entries.get(this.#prefix + key);
    if (!entry) {
      throw new StudioError('corrupt-checkpoint', `${this.#index.file} has no tensor '${this.#prefix}${key}'.`, {
        hint: 'The file is incomplete: download it again.',
      });
    }
    return entry;
  }

  /** A float tensor as float32, perhaps read in another shape; the runtime folds the cast when the session is made. */
  float(key: string, shape?: readonly number[]): Value {
    return cast(this.#graph, this.#graph.stored(this.entry(key), shape), 'float32');
  }

  /** A tensor as it is stored. */
  stored(key: string): Value {
    return this.#graph.stored(this.entry(key));
  }
}
