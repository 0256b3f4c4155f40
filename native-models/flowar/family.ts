/**
 * FlowAR as a family: what it does otherwise than others that paint latents.
 */
import { asModelFamily } from '../latents/as-model-family.ts';
import type { LatentWeights } from '../latents/latent-family.ts';
import type { Runtime } from '../runtime.ts';
import { detectFlowArConfig, type FlowArConfig } from './config.ts';
import { workProgress } from './cost.ts';
import { FlowHead } from './flow-head.ts';
import { type FlowArParts, generateScales } from './generate.ts';
import { enlarged, scaleLatents } from './scale-maps.ts';
import { parseSettings, settingSpecs } from './settings.ts';
import { checkStateDict, expectedTensors, isQuantized } from './state-dict.ts';
import { traceFlowAr } from './trace.ts';
import { Transformer } from './transformer.ts';

export const flowArFamily = asModelFamily({
  id: 'flowar',
  name: 'FlowAR',
  publishedFile: 'FlowAR-S.pth',
  sizes: { 768: 'FlowAR-S', 1024: 'FlowAR-L', 1536: 'FlowAR-H' },
  detect: detectFlowArConfig,
  checkStateDict,
  expectedTensors,
  isQuantized,
  latentSide,
  steps: ({ sides }) => ({ tokensPerStep: sides.map((side) => side * side) }),
  settingSpecs,
  parseSettings,
  progress: workProgress,
  load,
  generate: generateScales,
  showsLooks: ({ sides }, scale) => scale === sides.length - 1,
  toPlanes,
  fromPlanes: ({ sides }, planes) => scaleLatents(planes, sides),
  trace: traceFlowAr,
});

function latentSide({ sides }: FlowArConfig): number {
  return sides.at(-1) as number;
}

/** A scale is a picture by itself. */
function toPlanes(config: FlowArConfig, latents: Float32Array, scale: number): Float32Array {
  const { sides, channels } = config;
  const side = sides[scale] as number;
  const before = sides.slice(0, scale).reduce((sum, coarser) => sum + coarser * coarser, 0);
  const latent = latents.subarray(before * channels, (before + side * side) * channels);
  return enlarged(latent, side, latentSide(config));
}

async function load(weights: LatentWeights<FlowArConfig>, runtime: Runtime): Promise<FlowArParts> {
  const transformer = await Transformer.load(weights, runtime);
  const head = await FlowHead.load(weights, runtime);
  const dispose = async () => {
    await transformer.dispose();
    await head.dispose();
  };
  return { transformer, head, dispose };
}
