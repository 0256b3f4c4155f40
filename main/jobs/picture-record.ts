/**
 * What a picture file says of itself: the request that made it, and its tokens. It names no paths and no times, so that
 * the same request makes the same bytes and a picture that is passed on tells nothing of its maker's machine.
 */
import { MAX_SEED, settings } from '../../app/contracts/engine-contract.ts';
import { fields, integer, list, nullable, oneOf, optional, type Parser, text } from '../../app/contracts/parse.ts';
import { CONTROL_KINDS, type ControlKind, type Settings } from '../../app/generation/request.ts';
import type { FileFingerprint } from './fingerprint.ts';
import { type PackedTokens, parsePackedTokens } from './packed-tokens.ts';

/** A control map: what it shows, and the map itself. */
export interface RecordedControl {
  readonly kind: ControlKind;
  /** Base64 of a PNG. */
  readonly png: string;
}

export interface PictureRecord {
  /** Of this layout: 1. */
  readonly version: number;
  /** Version of Underpaint that made it. */
  readonly app: string;
  readonly model: {
    readonly id: string;
    readonly name: string;
    readonly family: string;
    readonly files: readonly FileFingerprint[];
  };
  readonly request: {
    readonly label: number | null;
    readonly labelName: string | null;
    /** What to paint in words; left out by models that read none. */
    readonly prompt?: string | undefined;
    readonly control?: RecordedControl | undefined;
    readonly seed: number;
    /** All settings of the model, defaults too. */
    readonly settings: Settings;
  };
  /** What it was computed with, as `RunReport` names it. */
  readonly provider: string;
  readonly precision: string;
  readonly tokens: PackedTokens;
}

const count = integer(0, Number.MAX_SAFE_INTEGER);

/** Throws `bad-request` that names the field which is wrong. */
export const parsePictureRecord: Parser<PictureRecord> = fields<PictureRecord>({
  version: integer(1, 1),
  app: text,
  model: fields<PictureRecord['model']>({
    id: text,
    name: text,
    family: text,
    files: list(fields<FileFingerprint>({ size: count, sha256: text })),
  }),
  request: fields<PictureRecord['request']>({
    label: nullable(count),
    labelName: nullable(text),
    prompt: optional(text),
    control: optional(fields<RecordedControl>({ kind: oneOf(...CONTROL_KINDS), png: text })),
    seed: integer(0, MAX_SEED),
    settings,
  }),
  provider: text,
  precision: text,
  tokens: parsePackedTokens,
});
