import { expect, it } from 'vitest';
import type { ModelDescription } from '../generation/request.ts';
import { plannedControl } from './planned-control.ts';

const MODEL: ModelDescription = {
  family: 'controlar',
  title: 'A model',
  width: 128,
  height: 128,
  labels: [],
  classes: 0,
  tokensPerStep: [1],
  words: true,
  controls: ['canny', 'segmentation'],
  symbolsPerToken: 1,
  capabilities: [],
  vocabulary: 16,
  settings: [],
};
const ofKinds = (...controls: ModelDescription['controls']) => ({ ...MODEL, controls });

it('takes a map, whose kind is told where there are several', () => {
  const map = { control: 'a.png' };
  expect(plannedControl(map, ofKinds('depth'))).toEqual({ kind: 'depth', file: 'a.png' });
  expect(plannedControl({ ...map, control_kind: 'segmentation' }, MODEL)).toEqual({
    kind: 'segmentation',
    file: 'a.png',
  });
  expect(() => plannedControl(map, MODEL)).toThrow(expect.objectContaining({ code: 'bad-request' }));
  expect(() => plannedControl({ ...map, control_kind: 'depth' }, MODEL)).toThrow('what the map shows');
});

it('makes a map of a picture, with all settings', () => {
  expect(plannedControl({ control_from: 'b.jpg', low: '20' }, MODEL)).toEqual({
    kind: 'canny',
    file: 'b.jpg',
    made: { preprocessor: 'canny', settings: { low: 20, high: 200 } },
  });
  const wrong = (fields: Record<string, string>, model = MODEL) =>
    expect(() => plannedControl({ control_from: 'b.jpg', ...fields }, model)).toThrow(
      expect.objectContaining({ code: 'bad-request' }),
    );
  wrong({ low: 'much' });
  wrong({ softness: '1' });
  wrong({ preprocess: 'lineart' });
  wrong({ preprocess: 'hed' });
  wrong({}, ofKinds('depth'));
});

it('needs one of them, for models that follow maps', () => {
  expect(plannedControl({}, ofKinds())).toBeUndefined();
  expect(() => plannedControl({}, MODEL)).toThrow('needs one');
  expect(() => plannedControl({ control: 'a.png', control_from: 'b.png' }, MODEL)).toThrow('needs one');
});
