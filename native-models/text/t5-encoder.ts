/**
 * The T5 encoder at run time.
 */
import { floats, int64, type Runtime, type Session, targetOf } from '../runtime.ts';
import type { T5Weights } from './config.ts';
import { distanceBuckets } from './distance-buckets.ts';
import { buildT5Encoder } from './t5-graph.ts';

export class T5Encoder {
  readonly #weights: T5Weights;
  readonly #runtime: Runtime;

  constructor(weights: T5Weights, runtime: Runtime) {
    this.#weights = weights;
    this.#runtime = runtime;
  }

  /** (L) token ids → (L, C). The encoder is put away afterwards: it is larger than many a model that it serves. */
  async encode(ids: readonly number[]): Promise<Float32Array> {
    const { config } = this.#weights;
    const session: Session = await this.#runtime.createSession(buildT5Encoder(targetOf(this.#runtime), this.#weights), {
      once: true,
    });
    try {
      const count = ids.length;
      const buckets = int64(distanceBuckets(count, config.buckets), count, count);
      return floats(await session.run({ ids: int64(ids, count), buckets }), 'features');
    } finally {
      await session.dispose();
    }
  }
}
