/**
 * How the work of a picture spreads over its cells and their steps, by multiply-adds. Progress and time left come from it.
 */
import type { AutoencoderConfig } from '../autoencoder/autoencoder-config.ts';
import { decoderWork } from '../autoencoder/decoder-work.ts';
import type { LatentProgress } from '../latents/latent-family.ts';
import { CELLS, cellTokens, type XarConfig } from './config.ts';
import { cellGuidance, cellSteps, type XarSettings } from './settings.ts';

export function workProgress(config: XarConfig, autoencoder: AutoencoderConfig, settings: XarSettings): LatentProgress {
  const pass = cellTokens(config) * blockWork(config);
  const rows = settings.cfg > 1 ? 2 : 1;
  const cells = cellSteps(settings).map((steps, cell) => {
    const flow = steps * pass * (cellGuidance(settings.cfg, cell) > 1 ? 2 : 1);
    return { flow, whole: flow + (cell < CELLS - 1 ? rows * pass : 0) };
  });
  const decoder = decoderWork(autoencoder, config.size);
  const total = cells.reduce((sum, { whole }) => sum + whole, decoder);
  return (cell, share) => {
    const before = cells.slice(0, cell).reduce((sum, { whole }) => sum + whole, 0);
    return (before + (cells[cell] as { flow: number }).flow * share) / total;
  };
}

/** Of one token in all blocks. */
function blockWork({ encoderBlocks, decoderBlocks, width: D, mlpWidth }: XarConfig): number {
  return (encoderBlocks + decoderBlocks) * (4 * D * D + 3 * D * mlpWidth);
}
