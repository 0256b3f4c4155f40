import { describe, expect, it } from 'vitest';
import type { Footprint } from '../../app/contracts/engine-api.ts';
import { shareMachine } from './share-machine.ts';

const GIGABYTE = 1e9;

function footprint(given: Partial<Footprint>): Footprint {
  const bytes = { fixedBytes: 2 * GIGABYTE, pictureBytes: GIGABYTE, availableBytes: 100 * GIGABYTE };
  return { provider: 'cpu', threads: 8, ...bytes, ...given };
}

describe('a machine is shared', () => {
  it('by as many engines as there are threads', () => {
    expect(shareMachine(footprint({}), 16)).toEqual({ engines: 8, threads: 1, memoryBudget: 12.5 * GIGABYTE });
  });

  it('by no more than are wanted', () => {
    expect(shareMachine(footprint({}), 3)).toMatchObject({ engines: 3, threads: 2 });
  });

  it('by no more than there is memory for, but by one', () => {
    expect(shareMachine(footprint({ availableBytes: 7 * GIGABYTE }), 16)).toMatchObject({ engines: 2, threads: 4 });
    expect(shareMachine(footprint({ availableBytes: GIGABYTE }), 16)).toMatchObject({ engines: 1, threads: 8 });
  });

  it('by one where a graphics card computes', () => {
    expect(shareMachine(footprint({ provider: 'webgpu' }), 16)).toMatchObject({ engines: 1 });
  });
});
