/**
 * Where the window was when it was last closed.
 */
import { readFile } from 'node:fs/promises';
import { fields, flag, integer, optional, type Parser } from '../../app/contracts/parse.ts';
import { writeFileAtomic } from '../files/atomic-write.ts';

/** In device-independent pixels of the whole desktop. Without x and y the window is centred. */
export interface WindowState {
  readonly x: number | undefined;
  readonly y: number | undefined;
  readonly width: number;
  readonly height: number;
  readonly maximized: boolean;
}

export interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export const MIN_WIDTH = 800;
export const MIN_HEIGHT = 600;
const FIRST_STATE: WindowState = { x: undefined, y: undefined, width: 1440, height: 900, maximized: false };
/** How much of the window's top edge must be on a display so that it can be grabbed. */
const GRIP = 64;
const FAR = 1_000_000;

const parseState: Parser<WindowState> = fields<WindowState>({
  x: optional(integer(-FAR, FAR)),
  y: optional(integer(-FAR, FAR)),
  width: integer(1, FAR),
  height: integer(1, FAR),
  maximized: flag,
});

/** The state in the file, or the first one when it is missing or makes no sense. */
export async function readWindowState(path: string): Promise<WindowState> {
  try {
    return parseState(JSON.parse(await readFile(path, 'utf8')), 'window');
  } catch (error) {
    const absent = (error as NodeJS.ErrnoException).code === 'ENOENT';
    if (!absent) console.error(`${path} is not used:`, error);
    return FIRST_STATE;
  }
}

export function writeWindowState(path: string, state: WindowState): Promise<void> {
  return writeFileAtomic(path, `${JSON.stringify(state)}\n`);
}

/**
 * The state with a size that fits a display, and a position only if the window can be reached there.
 *
 * @param areas the displays' areas without taskbars, the main one first; at least one
 */
export function fitToDisplays(state: WindowState, areas: readonly Area[]): WindowState {
  const home = areas.find((area) => isReachable(state, area));
  const { width, height } = home ?? areas[0] ?? state;
  const size = { width: clamp(state.width, MIN_WIDTH, width), height: clamp(state.height, MIN_HEIGHT, height) };
  return home ? { ...state, ...size } : { ...state, ...size, x: undefined, y: undefined };
}

function isReachable({ x, y, width }: WindowState, area: Area): boolean {
  if (x === undefined || y === undefined) return false;
  const grip = Math.min(x + width, area.x + area.width) - Math.max(x, area.x);
  return grip >= GRIP && y >= area.y && y + GRIP <= area.y + area.height;
}

/** On a display that is smaller than the least size, the display decides. */
function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high);
}
