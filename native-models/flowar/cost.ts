/**
 * How the work of a picture spreads over its scales and their steps, by multiply-adds. Progress and time left come from it.
 */

import type { AutoencoderConfig } from '../autoencoder/autoencoder-config.ts';
import { decoderWork } from '../autoencoder/decoder-work.ts';
import type { LatentProgress } from '../latents/latent-family.ts';
import { callTimes } from '../sampling/ode.ts';
import type { FlowArConfig } from './config.ts';
import { isGuided, scaleGuidance, scaleTimes } from './schedule.ts';
import type { FlowArSettings } from './settings.ts';

export function workProgress(
  config: FlowArConfig,
  autoencoder: AutoencoderConfig,
  settings: FlowArSettings,
): LatentProgress {
  const { sides } = config;
  const rows = settings.cfg > 1 ? 2 : 1;
  const scales = scaleTimes(sides.length, settings).map((times, scale) => {
    const tokens = (sides[scale] as number) ** 2;
    const guidance = { ...settings, guidance: scaleGuidance(settings.cfg, scale, sides.length) };
    const calls = callTimes(times, settings.solver).map((time) => (isGuided(guidance, time) ? 2 : 1));
    const flow = calls.reduce((sum, count) => sum + count, 0) * tokens * flowWork(config);
    return { blocks: rows * tokens * blockWork(config), flow };
  });
  const decoder = decoderWork(autoencoder, sides.at(-1) as number);
  const total = scales.reduce((sum, { blocks, flow }) => sum + blocks + flow, decoder);
  return (scale, share) => {
    const before = scales.slice(0, scale).reduce((sum, { blocks, flow }) => sum + blocks + flow, 0);
    const { blocks, flow } = scales[scale] as (typeof scales)[number];
    return (before + blocks + flow * share) / total;
  };
}

/** Of one token in all blocks of the transformer. */
function blockWork({ encoderBlocks, decoderBlocks, width: D, mlpWidth }: FlowArConfig): number {
  return (encoderBlocks + decoderBlocks) * (4 * D * D + 3 * D * mlpWidth);
}

/** Of one token in one call of the flow head. */
function flowWork({ flow }: FlowArConfig): number {
  const { width: W, mlpWidth, blocks, crossAttention } = flow;
  const matrices = crossAttention ? 9 : 10;
  return blocks * (matrices * W * W + 3 * W * mlpWidth) + 2 * W * W;
}
