/**
 * VAR and its tokenizer against the outputs of the authors' code, within the tolerances that each case states.
 */
import { it } from 'vitest';
import { compareCase } from './compare-case.ts';

it.each([
  ['var256', 'expected.safetensors'],
  ['var256-inpaint', 'expected-plain.safetensors'],
  ['var256-inpaint', 'expected-smooth.safetensors'],
  ['var256-legacy', 'expected.safetensors'],
  ['var512-shared', 'expected.safetensors'],
  ['vae-encode/vq', 'expected.safetensors'],
])('%s %s', compareCase);
