/**
 * Packages that only some people need, and install themselves.
 */
import { StudioError } from '../../app/base/errors.ts';

/**
 * @param packages what is to be installed for it
 * @param purpose such as `Writing to S3`
 * @throws StudioError bad-request that says how to install what is missing
 */
export async function loadOptional<T>(
  load: () => Promise<T>,
  packages: readonly string[],
  purpose: string,
): Promise<T> {
  try {
    return await load();
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw cause;
    throw new StudioError('bad-request', `${purpose} needs a package that is not installed.`, {
      hint: `Install it beside Underpaint: npm install ${packages.join(' ')}`,
      detail: String(cause),
      cause,
    });
  }
}
