/**
 * The files of an Infinity or VAREdit model, before anything is loaded.
 */
import type { ModelSource } from '../../app/contracts/engine-api.ts';
import type { BsqWeights } from '../bsq/config.ts';
import type { T5Weights } from '../text/config.ts';
import type { TransformerWeights } from './config.ts';
import type { ModelTask } from './task.ts';

export interface InfinityModel {
  readonly title: string;
  readonly transformer: TransformerWeights;
  readonly tokenizer: BsqWeights;
  readonly textEncoder: T5Weights;
  readonly task: ModelTask;
  readonly source: ModelSource;
}
