/**
 * A card of the catalogue: a model that its authors published, and where its files are.
 */

/** What its weights may be used for. `none`: nothing was granted, so they may be looked at and no more. */
export type LicenseKind = 'free' | 'non-commercial' | 'none';

export interface License {
  /** SPDX id, or a name of its own; null when there is none. */
  readonly id: string | null;
  readonly kind: LicenseKind;
  /** Page that says so. */
  readonly url: string;
}

export interface PublishedFile {
  readonly role: 'transformer' | 'tokenizer' | 'text-encoder' | 'text-tokenizer';
  readonly name: string;
  /** Bytes, as far as they are known; the server's word counts. */
  readonly size: number;
  /** Where it is: a repository of the Hugging Face hub, or an address. */
  readonly at: { readonly repo: string; readonly path: string } | { readonly url: string };
  /** 64 hex digits, where its publisher or we are sure of it. Without it the hub's own is taken, and kept. */
  readonly sha256?: string;
  readonly license: License;
}

export interface PublishedModel {
  /** Its id when it is installed. */
  readonly id: string;
  readonly name: string;
  readonly family: string;
  /** What it makes: of the classes that it was trained on, from words, or from words over a control map. */
  readonly subject: 'imagenet' | 'words' | 'map';
  readonly width: number;
  readonly height: number;
  readonly parameters: number;
  readonly files: readonly PublishedFile[];
  /**
   * Floating-point operations of one picture with the authors' settings, in 10^12: two for each weight that a token is
   * multiplied with, for both halves of the guidance and for each step of a solver; attention; and the decoder. Models that draw
   * token by token read all weights for each token, which counts as what takes as long.
   */
  readonly teraflops: number;
  /** Paper or repository. */
  readonly about: string;
}

/** The strictest licence of a model's files: what holds for its pictures. */
export function licenseOf({ files }: Pick<PublishedModel, 'files'>): License {
  const strictness: Readonly<Record<LicenseKind, number>> = { free: 0, 'non-commercial': 1, none: 2 };
  const licenses = files.map(({ license }) => license);
  return licenses.reduce((worst, one) => (strictness[one.kind] > strictness[worst.kind] ? one : worst));
}

/** Whether a person must accept the licence before the files are fetched. */
export function needsConsent(license: License): boolean {
  return license.kind !== 'free';
}

/** Bytes of all files together. */
export function totalSize({ files }: Pick<PublishedModel, 'files'>): number {
  return files.reduce((sum, { size }) => sum + size, 0);
}
