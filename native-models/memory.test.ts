import { expect, it } from 'vitest';
import { PRECISIONS, type Precision } from '../app/contracts/engine-api.ts';
import { memoryOfFiles, totalNeed } from './memory.ts';

const bytes = (files: number, precision: Precision) => totalNeed(memoryOfFiles(files).need(precision));

it('is near what was measured with VAR-d16: 3.0 GB, and 1.7 GB in 8 bits', () => {
  const files = 1_243_054_656 + 435_957_260;
  expect(bytes(files, 'fp32') / 3.0e9).toBeGreaterThan(0.8);
  expect(bytes(files, 'fp32') / 3.0e9).toBeLessThan(1.2);
  expect(bytes(files, 'int8') / 1.7e9).toBeGreaterThan(0.8);
  expect(bytes(files, 'int8') / 1.7e9).toBeLessThan(1.2);
});

it('falls with fewer bits', () => {
  const needs = PRECISIONS.map((precision) => bytes(1e9, precision));
  expect(needs).toEqual(needs.toSorted((a, b) => b - a));
});
