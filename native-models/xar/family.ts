/**
 * xAR as a family: what it does otherwise than others that paint latents.
 */
import { asModelFamily } from '../latents/as-model-family.ts';
import { cellAreas, cellsToPlanes, planesToCells } from './cells.ts';
import { CELLS, cellTokens, detectXarConfig } from './config.ts';
import { workProgress } from './cost.ts';
import { generateCells } from './generate.ts';
import { parseSettings, settingSpecs } from './settings.ts';
import { checkStateDict, expectedTensors, isQuantized } from './state-dict.ts';
import { traceXar } from './trace.ts';
import { Transformer } from './transformer.ts';

export const xarFamily = asModelFamily({
  id: 'xar',
  name: 'xAR',
  publishedFile: 'xAR-B.pth',
  sizes: { 768: 'xAR-B', 1024: 'xAR-L', 1280: 'xAR-H' },
  detect: detectXarConfig,
  checkStateDict,
  expectedTensors,
  isQuantized,
  latentSide: ({ size }) => size,
  steps: (config) => ({
    tokensPerStep: new Array<number>(CELLS).fill(cellTokens(config)),
    stepKind: 'cell',
    stepAreas: cellAreas(),
  }),
  settingSpecs,
  parseSettings,
  progress: workProgress,
  load: Transformer.load,
  generate: generateCells,
  showsLooks: () => true,
  toPlanes: (config, latents, cell) =>
    cellsToPlanes(latents.subarray(0, (cell + 1) * cellTokens(config) * config.channels), config.channels, config.size),
  fromPlanes: ({ channels, size }, planes) => planesToCells(planes, channels, size),
  trace: traceXar,
});
