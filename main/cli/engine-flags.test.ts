import { expect, it } from 'vitest';
import { engineOptions } from './engine-flags.ts';

it('takes flags first, then what is recorded, then the defaults', () => {
  expect(engineOptions({})).toEqual({ provider: 'auto', precision: 'fp32' });
  const recorded = { provider: 'webgpu', precision: 'int8' };
  expect(engineOptions({}, recorded)).toEqual(recorded);
  expect(engineOptions({ provider: 'cpu', precision: 'fp32' }, recorded)).toEqual({
    provider: 'cpu',
    precision: 'fp32',
  });
  expect(engineOptions({}, { provider: 'quantum', precision: 'fp8' })).toEqual({ provider: 'auto', precision: 'fp32' });
});
