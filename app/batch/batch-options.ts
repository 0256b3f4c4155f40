/**
 * How the pictures of a batch are written.
 */
import { fields, integer, oneOf, type Parser, text } from '../contracts/parse.ts';
import { DEFAULT_TEMPLATE } from './file-names.ts';

export const PICTURE_FORMATS = ['png', 'jpeg', 'webp', 'avif', 'tiff'] as const;
export type PictureFormat = (typeof PICTURE_FORMATS)[number];

/** Where a picture's record goes: into the file, into a JSON file beside it, both, or nowhere. */
export const METADATA_PLACES = ['embed', 'sidecar', 'both', 'none'] as const;
export type MetadataPlace = (typeof METADATA_PLACES)[number];

export interface OutputOptions {
  readonly format: PictureFormat;
  /** 1 … 100, for the lossy formats. */
  readonly quality: number;
  readonly metadata: MetadataPlace;
  /** Template of the names, see `file-names.ts`. */
  readonly name: string;
}

export const DEFAULT_OUTPUT: OutputOptions = {
  format: 'png',
  quality: 90,
  metadata: 'embed',
  name: DEFAULT_TEMPLATE,
};

export const parseOutputOptions: Parser<OutputOptions> = fields<OutputOptions>({
  format: oneOf(...PICTURE_FORMATS),
  quality: integer(1, 100),
  metadata: oneOf(...METADATA_PLACES),
  name: text,
});

const ENDINGS: Readonly<Record<PictureFormat, string>> = {
  png: 'png',
  jpeg: 'jpg',
  webp: 'webp',
  avif: 'avif',
  tiff: 'tif',
};

/** The ending of a format's files, with its point. */
export function endingOf(format: PictureFormat): string {
  return `.${ENDINGS[format]}`;
}
