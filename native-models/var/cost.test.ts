import { expect, it } from 'vitest';
import { strippedCheckpoint } from '../../test/support/stripped-checkpoint.ts';
import { detectVqConfig, type VqConfig } from '../vq/config.ts';
import { scalePyramid } from '../vq/scales.ts';
import { detectVarConfig, patchNums, type VarConfig } from './config.ts';
import { workShares } from './cost.ts';

it.each([16, 20, 24, 30, 36])(
  'the work of depth %i grows from scale to scale and leaves some for the decoder',
  (depth) => {
    const [index, tokenizer] = [strippedCheckpoint(`var_d${depth}`), strippedCheckpoint('var_vae')];
    const config = detectVarConfig(index) as VarConfig;
    const shares = workShares({
      title: '',
      pyramid: scalePyramid(patchNums(config, [])),
      transformer: { index, config },
      tokenizer: { index: tokenizer, config: detectVqConfig(tokenizer) as VqConfig },
      source: { id: '', files: [], labels: [], defaults: {}, preview: undefined },
    });
    const parts = shares.map((share, scale) => share - (shares[scale - 1] ?? 0));
    expect(parts).toHaveLength(10);
    expect(parts[0]).toBeGreaterThan(0);
    expect(parts).toEqual(parts.toSorted((a, b) => a - b));
    expect(shares.at(-1)).toBeLessThan(1);
    expect(shares.at(-1)).toBeGreaterThan(0.3);
  },
);
