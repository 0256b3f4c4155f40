/**
 * A VAR model's files, before anything is loaded.
 */
import type { ModelSource } from '../../app/contracts/engine-api.ts';
import type { VqWeights } from '../vq/config.ts';
import type { ScalePyramid } from '../vq/scales.ts';
import type { VarWeights } from './transformer-graph.ts';

/** The files of a VAR model and what they are. */
export interface VarModel {
  readonly title: string;
  readonly pyramid: ScalePyramid;
  readonly transformer: VarWeights;
  readonly tokenizer: VqWeights;
  readonly source: ModelSource;
}
