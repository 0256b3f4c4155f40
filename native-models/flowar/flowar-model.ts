/**
 * A FlowAR model's files, before anything is loaded.
 */
import type { ModelSource } from '../../app/contracts/engine-api.ts';
import type { KlWeights } from '../kl/config.ts';
import type { FlowArWeights } from './config.ts';

export interface FlowArModel {
  readonly title: string;
  readonly transformer: FlowArWeights;
  /** Without it a model can be traced, and paints nothing. */
  readonly autoencoder: KlWeights | undefined;
  readonly source: ModelSource;
}
