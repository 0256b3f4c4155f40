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

/** Tools after which there is a gap: painting, selecting, moving. */
const GROUP_ENDS: ReadonlySet<ToolId> = new Set(['picker', 'lasso', 'hand']);

export function ToolBar() {
  const words = useWords();
  const tool = useStore(toolStore, (state) => state.tool);
  return (
    <div
      role="toolbar"
      aria-label={words.tools.title}
      aria-orientation="vertical"
      className="flex w-12 shrink-0 flex-col items-center gap-0.5 overflow-y-auto border-line border-r bg-panel py-2"
    >
      {TOOLS.map((id) => {
        const command = COMMANDS.find((candidate) => candidate.id === `tool.${id}`);
        const keys = command ? displayKeys(keyOf(command)) : '';
        return (
          <IconButton
            key={id}
            className={GROUP_ENDS.has(id) ? 'mb-2.5' : ''}
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
      className="size-8 shrink-0 cursor-pointer rounded-md border border-edge bg-transparent p-0.5"
      value={color}
      onChange={({ target }) => toolStore.setState({ color: target.value })}
    />
  );
}

function Palette() {
  const words = useWords().options;
  const palette = useStore(toolStore, (state) => state.palette);
  return (
    <fieldset aria-label={words.palette} className="mt-1.5 grid grid-cols-2 gap-1">
      {palette.slice(0, 10).map((color) => (
        <button
          key={color}
          type="button"
          aria-label={`${words.color} ${color}`}
          title={color}
          className="size-3.5 rounded-full border border-edge"
          style={{ background: color }}
          onClick={() => chooseColor(color)}
        />
      ))}
    </fieldset>
  );
}
