import { expect, it } from 'vitest';
import { IMAGENET_LABELS } from './imagenet-labels.ts';

it('has a thousand different names at their indices', () => {
  expect(new Set(IMAGENET_LABELS.map((name) => name.toLowerCase())).size).toBe(1000);
  const known = {
    0: 'tench',
    88: 'macaw',
    207: 'golden retriever',
    517: 'crane (machine)',
    970: 'alp',
    999: 'toilet tissue',
  };
  for (const [index, name] of Object.entries(known)) expect(IMAGENET_LABELS[Number(index)]).toBe(name);
});
