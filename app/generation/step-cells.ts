/**
 * Where the tokens of a step lie in the picture.
 */
import type { ModelDescription, StepArea } from './request.ts';

/** A map of tokens: how many there are across and down, and what of the picture they cover. */
export interface StepCells {
  readonly area: StepArea;
  readonly columns: number;
  readonly rows: number;
}

const WHOLE: StepArea = { x: 0, y: 0, width: 1, height: 1 };

type Described = Pick<ModelDescription, 'tokensPerStep' | 'stepAreas' | 'width' | 'height'>;

/** Cells are square in the picture; a step that the model does not have is one cell. */
export function stepCells({ tokensPerStep, stepAreas, width, height }: Described, step: number): StepCells {
  const count = tokensPerStep[step] ?? 1;
  const area = stepAreas?.[step] ?? WHOLE;
  const aspect = (area.width * width) / (area.height * height);
  const columns = Math.max(1, Math.min(count, Math.round(Math.sqrt(count * aspect))));
  return { area, columns, rows: Math.max(1, Math.round(count / columns)) };
}

/** The token at a place, in shares of the picture's width and height; undefined outside of the step's area. */
export function cellAt({ area, columns, rows }: StepCells, { x, y }: { x: number; y: number }): number | undefined {
  const column = Math.floor(((x - area.x) / area.width) * columns);
  const row = Math.floor(((y - area.y) / area.height) * rows);
  return column >= 0 && row >= 0 && column < columns && row < rows ? row * columns + column : undefined;
}

/** Where a token lies, in shares of the picture's width and height. */
export function areaOfCell({ area, columns, rows }: StepCells, position: number): StepArea {
  const [width, height] = [area.width / columns, area.height / rows];
  return {
    x: area.x + (position % columns) * width,
    y: area.y + Math.floor(position / columns) * height,
    width,
    height,
  };
}
