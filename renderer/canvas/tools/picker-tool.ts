/**
 * Takes the colour under the pointer.
 */
import type { Point } from '../../../app/document/document.ts';
import { chooseColor, toolStore } from '../../stores/tool-store.ts';
import type { Tool } from './tool.ts';

export const pickerTool: Tool = (easel, start) => {
  const pick = (at: Point) => {
    const color = easel.colorAt(at);
    if (color) toolStore.setState({ color });
  };
  pick(start);
  return {
    move: (samples) => pick(samples.at(-1) ?? start),
    end: () => chooseColor(toolStore.getState().color),
    cancel: () => {},
  };
};
