/**
 * Infinity's bitwise tokenizer against the outputs of the authors' code, within the tolerances that each case states.
 */
import { it } from 'vitest';
import { compareCase } from './compare-case.ts';

it.each(['bsq-d16', 'bsq-d24', 'bsq-d32', 'bsq-d64', 'bsq-d14-patchify'])('%s', (name) =>
  compareCase(name, 'expected.safetensors'),
);
