/**
 * The names of the pictures of a run.
 */
import { extname } from 'node:path';
import { StudioError } from '../../app/base/errors.ts';

const DEFAULT_TEMPLATE = 'underpaint-{seed}.png';

/**
 * A path for each seed. `{seed}` and `{n}` (1, 2, …) in the template are filled in; where there are several pictures and
 * neither stands in it, the seed is put before the extension.
 *
 * @throws StudioError bad-request when the template does not end in `.png`
 */
export function picturePaths(template: string | undefined, seeds: readonly number[]): string[] {
  const given = template ?? DEFAULT_TEMPLATE;
  if (extname(given).toLowerCase() !== '.png') {
    throw new StudioError('bad-request', `--out must end in .png, not "${given}".`, {
      hint: 'Underpaint writes PNG files, which keep how a picture was made.',
    });
  }
  const distinct = seeds.length === 1 || /\{(seed|n)\}/.test(given);
  const complete = distinct ? given : `${given.slice(0, -'.png'.length)}-{seed}.png`;
  return seeds.map((seed, at) => complete.replaceAll('{seed}', String(seed)).replaceAll('{n}', String(at + 1)));
}
