/**
 * How the tools of the canvas are set.
 */
import { StudioError } from '../base/errors.ts';
import { fields, flag, integer, list, type Parser } from '../contracts/parse.ts';

export interface BrushSettings {
  /** Diameter in pixels of the painting. */
  readonly size: number;
  /** Share of the radius that is fully covered, 0 … 1. */
  readonly hardness: number;
  /** Cover of one dab, 0 … 1. */
  readonly flow: number;
  /** Cover of the whole stroke, 0 … 1. */
  readonly opacity: number;
  /** How far the brush lags behind the pointer, 0 … 1. */
  readonly smoothing: number;
  /** Whether the pen's pressure sets the size. */
  readonly pressureSize: boolean;
  /** Whether the pen's pressure sets the flow. */
  readonly pressureFlow: boolean;
}

export interface ToolSettings {
  readonly brush: BrushSettings;
  /** `#rrggbb`. */
  readonly color: string;
  /** Colours used last, the newest first. */
  readonly palette: readonly string[];
  /** 0 … 255: how far from the clicked colour the fill goes. */
  readonly tolerance: number;
  /** Pixels of the painting over which the edge of a selection is soft. */
  readonly feather: number;
  readonly snapping: boolean;
}

export const MAX_BRUSH_SIZE = 1000;
export const MAX_FEATHER = 64;
export const PALETTE_SIZE = 16;

export const DEFAULT_TOOLS: ToolSettings = {
  brush: {
    size: 32,
    hardness: 0.7,
    flow: 1,
    opacity: 1,
    smoothing: 0.2,
    pressureSize: true,
    pressureFlow: false,
  },
  color: '#3a6ea5',
  palette: ['#1b2a49', '#3a6ea5', '#8fb8de', '#f2e9e4', '#f4a259', '#bc4b51', '#5b8e7d', '#2f3e2c'],
  tolerance: 24,
  feather: 0,
  snapping: true,
};

const COLOR = /^#[0-9a-f]{6}$/i;

function between(low: number, high: number): Parser<number> {
  return (value, place) => {
    if (typeof value === 'number' && value >= low && value <= high) return value;
    throw new StudioError('bad-request', `${place} must be a number from ${low} to ${high}.`);
  };
}

const color: Parser<string> = (value, place) => {
  if (typeof value === 'string' && COLOR.test(value)) return value;
  throw new StudioError('bad-request', `${place} must be a colour such as #3a6ea5.`);
};

/** @throws StudioError `bad-request` that names the field which is wrong */
export const parseToolSettings: Parser<ToolSettings> = fields<ToolSettings>({
  brush: fields<BrushSettings>({
    size: between(1, MAX_BRUSH_SIZE),
    hardness: between(0, 1),
    flow: between(0, 1),
    opacity: between(0, 1),
    smoothing: between(0, 1),
    pressureSize: flag,
    pressureFlow: flag,
  }),
  color,
  palette: (value, place) => list(color)(value, place).slice(0, PALETTE_SIZE),
  tolerance: integer(0, 255),
  feather: between(0, MAX_FEATHER),
  snapping: flag,
});
