/**
 * What models that paint latents refuse.
 */
import { StudioError } from '../../app/base/errors.ts';

/** @param family for people, @param transformer a published file of it */
export function autoencoderMissing(family: string, transformer: string): StudioError {
  return new StudioError('missing-file', `A model of ${family} also needs its autoencoder (kl16.ckpt).`, {
    hint: `Import both: underpaint models import --transformer ${transformer} --tokenizer kl16.ckpt`,
  });
}

export function noAlternatives(): StudioError {
  return new StudioError('bad-request', 'This model paints with numbers: a place has no list of alternatives.');
}
