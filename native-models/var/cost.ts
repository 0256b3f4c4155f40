/**
 * How the work of a picture spreads over its scales, by multiply-adds. Progress and time left come from it.
 */
import { decoderWork } from '../autoencoder/decoder-work.ts';
import { latentSize } from '../vq/scales.ts';
import type { VarModel } from './var-model.ts';

const GUIDANCE_ROWS = 2;

/** Share of the whole work that is done after each scale, 0 … 1; what is missing to 1 after the last is the decoder's. */
export function workShares({ transformer, tokenizer, pyramid }: VarModel): number[] {
  const { config } = transformer;
  const { width: C, depth } = config;
  const tokenWork = 12 * C * C * depth + C * config.vocabulary;
  const scaleWork = pyramid.patchNums.map((side, scale) => {
    const seen = pyramid.offsets[scale + 1] as number;
    return GUIDANCE_ROWS * side * side * (tokenWork + 2 * depth * C * seen);
  });
  const decoder = decoderWork(tokenizer.config, latentSize(pyramid));
  const total = scaleWork.reduce((sum, work) => sum + work, decoder);
  let done = 0;
  return scaleWork.map((work) => {
    done += work;
    return done / total;
  });
}
