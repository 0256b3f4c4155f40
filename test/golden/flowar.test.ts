/**
 * FlowAR, xAR and their autoencoder against the outputs of the authors' code, within the tolerances that each case states.
 */
import { it } from 'vitest';
import { compareCase } from './compare-case.ts';

it.each([
  ['vae-encode/kl', 'expected.safetensors'],
  ['flowar-v1', 'expected.safetensors'],
  ['flowar-v2', 'expected-50.safetensors'],
  ['xar', 'expected.safetensors'],
])('%s %s', compareCase);
