/**
 * The tool in hand and how it is set.
 */
import { createStore } from 'zustand/vanilla';
import type { BrushSettings } from '../canvas/stroke.ts';

export const TOOLS = [
  'brush',
  'eraser',
  'line',
  'rectangle',
  'fill',
  'picker',
  'marquee',
  'lasso',
  'move',
  'transform',
  'frame',
  'hand',
] as const;
export type ToolId = (typeof TOOLS)[number];

interface ToolState {
  readonly tool: ToolId;
  readonly brush: Omit<BrushSettings, 'color'>;
  readonly color: string;
  /** Colours used last, the newest first. */
  readonly palette: readonly string[];
  /** 0 … 255: how far from the clicked colour the fill goes. */
  readonly tolerance: number;
  readonly feather: number;
  readonly snapping: boolean;
}

const PALETTE = ['#1b2a49', '#3a6ea5', '#8fb8de', '#f2e9e4', '#f4a259', '#bc4b51', '#5b8e7d', '#2f3e2c'];
const PALETTE_SIZE = 16;

export const toolStore = createStore<ToolState>(() => ({
  tool: 'brush',
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
  palette: PALETTE,
  tolerance: 24,
  feather: 0,
  snapping: true,
}));

export function chooseTool(tool: ToolId): void {
  toolStore.setState({ tool });
}

export function chooseColor(color: string): void {
  toolStore.setState(({ palette }) => ({
    color,
    palette: [color, ...palette.filter((other) => other !== color)].slice(0, PALETTE_SIZE),
  }));
}

export function setBrush(changes: Partial<ToolState['brush']>): void {
  toolStore.setState(({ brush }) => ({ brush: { ...brush, ...changes } }));
}
