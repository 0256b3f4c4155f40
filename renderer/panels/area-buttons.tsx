/**
 * Painting a part of the picture, and pictures like it: beside the button that paints all of the frame.
 */
import { Expand, Layers2, type LucideIcon, PaintRoller, Replace } from 'lucide-react';
import { COMMANDS, type CommandId, runCommand } from '../commands/commands.ts';
import { displayKeys, keyOf } from '../commands/shortcuts.ts';
import { useWords } from '../text/words.ts';
import { IconButton } from '../widgets/button.tsx';

type AreaCommand = Extract<CommandId, 'fillArea' | 'expand' | 'changeClass' | 'vary'>;

const BUTTONS: readonly (readonly [AreaCommand, LucideIcon])[] = [
  ['fillArea', PaintRoller],
  ['expand', Expand],
  ['changeClass', Replace],
  ['vary', Layers2],
];

export function AreaButtons() {
  const words = useWords();
  return (
    <fieldset aria-label={words.generate.area} className="flex items-center gap-0.5">
      {BUTTONS.map(([id, icon]) => {
        const command = COMMANDS.find((candidate) => candidate.id === id);
        const keys = command ? displayKeys(keyOf(command)) : '';
        return (
          <IconButton
            key={id}
            small
            icon={icon}
            label={words.commands[id]}
            keys={keys}
            onClick={() => runCommand(id)}
          />
        );
      })}
    </fieldset>
  );
}
