/**
 * The tool in hand and how it is set.
 */
import { createStore } from 'zustand/vanilla';
import { DEFAULT_TOOLS, PALETTE_SIZE, type ToolSettings } from '../../app/library/tool-settings.ts';

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

interface ToolState extends ToolSettings {
  readonly tool: ToolId;
}

export const toolStore = createStore<ToolState>(() => ({ tool: 'brush', ...DEFAULT_TOOLS }));

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

/** How the tools are set, whichever is in hand. */
export function toolSettings(): ToolSettings {
  const { tool, ...settings } = toolStore.getState();
  return settings;
}
