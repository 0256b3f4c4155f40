import { expect, it } from 'vitest';
import { engineOptions } from './engine-flags.ts';

it('takes flags first, then what is recorded, then the defaults', () => {
  expect(engineOptions({})).toEqual({ provider: 'auto', precision: undefined, previews: undefined });
  const recorded = { provider: 'webgpu', precision: 'int8' };
  expect(engineOptions({}, recorded)).toMatchObject(recorded);
  expect(engineOptions({ provider: 'cpu', precision: 'fp32' }, recorded)).toMatchObject({
    provider: 'cpu',
    precision: 'fp32',
  });
  expect(engineOptions({}, { provider: 'quantum', precision: 'fp8' })).toMatchObject({
    provider: 'auto',
    precision: undefined,
  });
});
