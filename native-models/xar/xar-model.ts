/**
 * An xAR model's files, before anything is loaded.
 */
import type { ModelSource } from '../../app/contracts/engine-api.ts';
import type { KlWeights } from '../kl/config.ts';
import type { XarWeights } from './config.ts';

export interface XarModel {
  readonly title: string;
  readonly transformer: XarWeights;
  /** Without it a model can be traced, and paints nothing. */
  readonly autoencoder: KlWeights | undefined;
  readonly source: ModelSource;
}
