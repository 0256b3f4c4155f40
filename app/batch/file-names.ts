/**
 * Names of the pictures of a batch, from a template such as `{label}/{n}-{seed}`. They are safe on every platform: what a
 * file system forbids is replaced, and names that differ only in case count as the same.
 */
import { StudioError } from '../base/errors.ts';
import { nearest } from '../base/nearest.ts';

export const DEFAULT_TEMPLATE = '{n}-{label}-{seed}';

const PLACEHOLDER = /\{([^{}]*)\}/g;
const FORBIDDEN = /[<>:"/\\|?*\p{Cc}]/gu;
/** Names that Windows does not allow for files, whatever their ending. */
const RESERVED = /^(con|prn|aux|nul|com\d|lpt\d)(?=\.|$)/i;
/** File systems allow 255 bytes; an ending and the name of a temporary file must fit too. */
const MAX_BYTES = 180;
const MAX_TEMPLATE = 500;
const SUGGESTIONS = 2;

/** What the placeholders of a template stand for. */
export type NameValues = Readonly<Record<string, string | number | boolean | null>>;

export interface NameTemplate {
  /** Throws `bad-request` for a placeholder that the picture has no value for. */
  fill(values: NameValues): string;
}

/**
 * Reads a template: words, `/` between folders, and `{name}` for a value of the picture.
 *
 * @throws StudioError bad-request when it leads out of its folder, or has letters that a file system forbids
 */
export function parseTemplate(template: string): NameTemplate {
  const folders = template.split('/');
  const plain = folders.map((part) => part.replace(PLACEHOLDER, 'x'));
  const wrong = template.length > MAX_TEMPLATE || plain.some((part) => safeName(part) !== part);
  if (wrong) {
    throw new StudioError('bad-request', `"${template}" cannot be a name for pictures.`, {
      hint: 'Give a name inside the folder, without an ending, such as {label}/{n}-{seed}.',
    });
  }
  return {
    fill: (values) =>
      folders.map((part) => safeName(part.replace(PLACEHOLDER, (_, name) => placeholderText(values, name)))).join('/'),
  };
}

/** A name that every file system takes, as near to the given one as possible; never empty. */
export function safeName(name: string): string {
  const plain = name.normalize('NFC').replace(FORBIDDEN, '_').trim();
  const visible = shortened(plain)
    .replace(/^\.+/, '_')
    .replace(/[. ]+$/, '');
  return visible === '' ? '_' : visible.replace(RESERVED, '$1_');
}

/**
 * Finds pictures that would be written to the same file.
 */
export class NameCheck {
  readonly #taken = new Map<string, number>();

  /** @param number of the picture, from 1. Throws `bad-request` when an earlier picture has the name. */
  add(name: string, number: number): void {
    const key = name.normalize('NFC').toLowerCase();
    const other = this.#taken.get(key);
    if (other !== undefined) {
      throw new StudioError('bad-request', `Pictures ${other} and ${number} would both be written to "${name}".`, {
        hint: 'Put {n} into the name, or all that tells the pictures apart, such as {label}-{seed}.',
      });
    }
    this.#taken.set(key, number);
  }
}

function placeholderText(values: NameValues, name: string): string {
  if (!Object.hasOwn(values, name)) {
    const known = Object.keys(values);
    const meant = nearest(name, known, SUGGESTIONS).map((other) => `{${other}}`);
    throw new StudioError('bad-request', `The pictures have no "${name}" for their name.`, {
      hint: meant.length > 0 ? `Did you mean ${meant.join(' or ')}?` : `There are: {${known.join('}, {')}}.`,
    });
  }
  return String(values[name] ?? 'none').replace(/\//g, '_');
}

/** Whole letters, at most `MAX_BYTES` bytes of UTF-8. */
function shortened(name: string): string {
  let bytes = 0;
  let end = 0;
  for (const letter of name) {
    bytes += utf8Length(letter);
    if (bytes > MAX_BYTES) return name.slice(0, end);
    end += letter.length;
  }
  return name;
}

function utf8Length(letter: string): number {
  const code = letter.codePointAt(0) as number;
  if (code < 0x80) return 1;
  if (code < 0x800) return 2;
  return code < 0x10000 ? 3 : 4;
}
