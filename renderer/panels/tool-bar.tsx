/**
 * The tools, at the left side of the window.
 */
import {
  Brush,
  Eraser,
  Frame,
  Hand,
  Lasso,
  type LucideIcon,
  Minus,
  Move,
  PaintBucket,
  Pipette,
  RectangleHorizontal,
  Scaling,
  SquareDashed,
} from 'lucide-react';
import { useStore } from 'zustand';
import { COMMANDS } from '../commands/commands.ts';
import { displayKeys, keyOf } from '../commands/shortcuts.ts';
import { chooseColor, chooseTool, TOOLS, type ToolId, toolStore } from '../stores/tool-store.ts';
import { useWords } from '../text/words.ts';
import { IconButton } from '../widgets/button.tsx';

const ICONS: Readonly<Record<ToolId, LucideIcon>> = {
  brush: Brush,
  eraser: Eraser,
  line: Minus,
  rectangle: RectangleHorizontal,
  fill: PaintBucket,
  picker: Pipette,
  marquee: SquareDashed,
  lasso: Lasso,
  move: Move,
  transform: Scaling,
  frame: Frame,
  hand: Hand,
};

export function ToolBar() {
  const words = useWords();
  const tool = useStore(toolStore, (state) => state.tool);
  return (
    <div
      role="toolbar"
      aria-label={words.tools.title}
      aria-orientation="vertical"
      className="flex w-11 flex-col items-center gap-1 overflow-y-auto border-line border-r bg-panel py-2"
    >
      {TOOLS.map((id) => {
        const command = COMMANDS.find((candidate) => candidate.id === `tool.${id}`);
        const keys = command ? displayKeys(keyOf(command)) : '';
        return (
          <IconButton
            key={id}
            icon={ICONS[id]}
            label={words.tools[id]}
            keys={keys}
            pressed={tool === id}
            onClick={() => chooseTool(id)}
          />
        );
      })}
      <ColorSwatch label={words.options.color} />
      <Palette />
    </div>
  );
}

function ColorSwatch({ label }: { readonly label: string }) {
  const color = useStore(toolStore, (state) => state.color);
  return (
    <input
      type="color"
      aria-label={label}
      title={label}
      className="mt-2 size-8 cursor-pointer rounded-md border border-line bg-transparent p-0.5"
      value={color}
      onChange={({ target }) => toolStore.setState({ color: target.value })}
    />
  );
}

function Palette() {
  const words = useWords().options;
  const palette = useStore(toolStore, (state) => state.palette);
  return (
    <fieldset aria-label={words.palette} className="mt-1 grid grid-cols-2 gap-0.5">
      {palette.slice(0, 8).map((color) => (
        <button
          key={color}
          type="button"
          aria-label={`${words.color} ${color}`}
          title={color}
          className="size-4 rounded-sm border border-line"
          style={{ background: color }}
          onClick={() => chooseColor(color)}
        />
      ))}
    </fieldset>
  );
}
