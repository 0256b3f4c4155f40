import fc from 'fast-check';
import { expect, it } from 'vitest';
import { StudioError } from '../base/errors.ts';
import { ENGINE_CONTRACT } from './engine-contract.ts';

const source = {
  id: 'm',
  files: ['/a.pth'],
  labels: [],
  defaults: { cfg: 4, smooth: true, solver: 'euler' },
  preview: undefined,
};
const options = { provider: 'auto', precision: 'fp32', previews: 'linear' };
const request = { model: 'm', label: null, seed: 7, settings: { cfg: 1.5 } };

it('takes what main sends and drops what it does not know', () => {
  const parsed = ENGINE_CONTRACT.generate.args([{ ...source, extra: 1 }, options, request], 'args');
  expect(parsed).toEqual([source, options, request]);
});

it.each([
  [[source, options, { ...request, seed: -1 }], 'args[2].seed must be a whole number between 0 and 4294967295.'],
  [
    [source, options, { ...request, settings: { cfg: Number.NaN } }],
    'args[2].settings.cfg must be a number, true or false, or a text.',
  ],
  [[source, { ...options, provider: 'tpu' }, request], 'args[1].provider must be one of auto, cpu'],
  [[{ ...source, files: '/a.pth' }, options, request], 'args[0].files must be a list.'],
  [[source, options], 'args[2] must be a record.'],
  [[source, options, request, 1], 'args must be a list of 3.'],
])('names what is wrong: %#', (args, message) => {
  expect(() => ENGINE_CONTRACT.generate.args(args, 'args')).toThrow(message);
});

it('takes events and refuses pictures whose bytes do not fill them', () => {
  const preview = { width: 2, height: 1, data: new Uint8Array(6) };
  const step = {
    type: 'step',
    step: 0,
    steps: 2,
    progress: 0.5,
    preview,
    tokens: Int32Array.of(1),
    entropy: Float32Array.of(0),
  };
  expect(ENGINE_CONTRACT.generate.event(step, 'event')).toEqual(step);
  const { tokens, entropy, ...look } = { ...step, type: 'preview' };
  expect(ENGINE_CONTRACT.generate.event(look, 'event')).toEqual(look);
  const short = { ...step, preview: { ...preview, data: new Uint8Array(5) } };
  expect(() => ENGINE_CONTRACT.generate.event(short, 'event')).toThrow('must be 2×1×3 bytes, not 5');
  expect(() => ENGINE_CONTRACT.generate.event({ ...step, type: 'frame' }, 'event')).toThrow(
    'one of step, preview, image',
  );
});

it('answers garbage with bad-request and nothing else', () => {
  fc.assert(
    fc.property(fc.anything({ withBigInt: true, withTypedArray: true, withNullPrototype: true }), (value) => {
      for (const { args, event, result } of Object.values(ENGINE_CONTRACT)) {
        for (const parse of [args, event, result]) {
          try {
            parse(value, 'value');
          } catch (error) {
            expect(error).toBeInstanceOf(StudioError);
            expect(error).toMatchObject({ code: 'bad-request' });
          }
        }
      }
    }),
  );
});
