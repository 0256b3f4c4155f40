/**
 * What a picture file says of itself: the request that made it, and its tokens. It names no paths and no times, so that
 * the same request makes the same bytes and a picture that is passed on tells nothing of its maker's machine.
 */
import { MAX_SEED, settings } from '../../app/contracts/engine-contract.ts';
import { fields, integer, list, nullable, oneOf, optional, type Parser, text } from '../../app/contracts/parse.ts';
import { CONTROL_KINDS, type ControlKind, type Settings } from '../../app/generation/request.ts';
import type { AreaPlan } from '../../app/tasks/paint-area.ts';
import { AREA_PLAN_FIELDS } from '../../app/tasks/parse-area-plan.ts';
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
    /** Which of the tokens were taken over from another picture, see `packMask`; left out when none were. */
    readonly kept?: string | undefined;
  };
  /** How a part of a picture was painted; left out when the whole picture is one of the model's. */
  readonly area?: AreaRecord | undefined;
  /** What it was computed with, as `RunReport` names it. */
  readonly provider: string;
  readonly precision: string;
  /** Of an area, the tokens of all frames, one after the other. */
  readonly tokens: PackedTokens;
}

/** An `AreaPlan`, and what stood in the area before. */
export interface AreaRecord extends AreaPlan {
  /** Base64 of a PNG: its alpha is the cover, its colours are what stood there; black and clear where nothing changed. */
  readonly under: string;
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
    kept: optional(text),
  }),
  area: optional(fields<AreaRecord>({ ...AREA_PLAN_FIELDS, under: text })),
  provider: text,
  precision: text,
  tokens: parsePackedTokens,
});
