/**
 * The files of a LlamaGen or ControlAR model, before anything is loaded.
 */
import type { ModelSource } from '../../app/contracts/engine-api.ts';
import type { T5Weights } from '../text/config.ts';
import type { VqganWeights } from '../vqgan/config.ts';
import type { TransformerWeights } from './config.ts';

export interface ControlarModel {
  readonly title: string;
  readonly transformer: TransformerWeights;
  readonly tokenizer: VqganWeights;
  /** Of a text-conditional model. */
  readonly textEncoder: T5Weights | undefined;
  /** Side of the grid that positions are counted on; of the picture too, unless it may have any size. */
  readonly grid: number;
  readonly source: ModelSource;
}
