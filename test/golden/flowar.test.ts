/**
 * FlowAR, xAR and their autoencoder against the outputs of the authors' code, and the starter against those of the code that
 * trained it, within the tolerances that each case states.
 */
import { it } from 'vitest';
import { compareCase } from './compare-case.ts';

it.each([
  ['vae-encode/kl', 'expected.safetensors'],
  ['flowar-v1', 'expected.safetensors'],
  ['flowar-v2', 'expected-50.safetensors'],
  ['xar', 'expected.safetensors'],
  ['starter-flowar', 'expected.safetensors'],
])('%s %s', compareCase);
