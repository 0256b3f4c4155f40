/**
 * How the layer in hand is set, and what can be done with it as a mask or as a control map.
 */
import { Blend, Contrast, Grid2x2Check, Maximize2, Minimize2, ScanLine, SquareDashed } from 'lucide-react';
import { useState } from 'react';
import { BLEND_MODES, type BlendMode, type Layer } from '../../app/document/document.ts';
import { mapFromLayer } from '../actions/control-map.ts';
import {
  changeLayer,
  featherActiveMask,
  growActiveMask,
  invertActiveMask,
  maskFromSelection,
} from '../actions/layers.ts';
import { endEditGroup } from '../stores/document-store.ts';
import { useWords } from '../text/words.ts';
import { TextButton, Toggle } from '../widgets/button.tsx';
import { Select, Slider } from '../widgets/field.tsx';
import { ControlSection } from './control-section.tsx';

const MAX_MASK_STEP = 64;

export function ActiveLayer({ layer }: { readonly layer: Layer }) {
  const words = useWords();
  const { id, name, opacity, blend, alphaLocked, kind } = layer;
  const blends = BLEND_MODES.map((mode): readonly [BlendMode, string] => [mode, words.blends[mode]]);
  return (
    <div className="flex flex-col gap-2 border-line border-b p-2.5">
      <input
        className="h-8 rounded-md border border-transparent bg-transparent px-2 font-semibold text-sm hover:border-edge focus:border-edge focus:bg-field"
        aria-label={words.layers.rename}
        value={name}
        onChange={({ target }) => changeLayer(id, { name: target.value }, `name ${id}`)}
        onBlur={endEditGroup}
      />
      <div className="grid grid-cols-2 gap-2">
        <Select
          hideLabel
          label={words.layers.blend}
          value={blend}
          options={blends}
          onChange={(value) => changeLayer(id, { blend: value })}
        />
        <Slider
          label={words.layers.opacity}
          className="w-full"
          value={opacity}
          min={0}
          max={1}
          step={0.01}
          shown={`${Math.round(opacity * 100)} %`}
          onChange={(value) => changeLayer(id, { opacity: value }, `opacity ${id}`)}
          onDone={endEditGroup}
        />
      </div>
      <div className="flex flex-wrap gap-2">
        <Toggle
          icon={Grid2x2Check}
          label={words.layers.alphaLock}
          on={alphaLocked}
          onChange={(on) => changeLayer(id, { alphaLocked: on })}
        />
        {kind === 'paint' && (
          <TextButton small onClick={mapFromLayer}>
            <ScanLine size={14} strokeWidth={1.75} aria-hidden="true" />
            {words.commands.controlFromLayer}
          </TextButton>
        )}
      </div>
      {kind === 'mask' && <MaskActions />}
      {kind === 'control' && <ControlSection layer={layer} />}
    </div>
  );
}

function MaskActions() {
  const words = useWords().layers;
  const [amount, setAmount] = useState(8);
  const actions = [
    [words.grow, Maximize2, () => growActiveMask(amount)],
    [words.shrink, Minimize2, () => growActiveMask(-amount)],
    [words.feather, Blend, () => featherActiveMask(amount)],
    [words.invert, Contrast, invertActiveMask],
    [words.fromSelection, SquareDashed, maskFromSelection],
  ] as const;
  return (
    <div className="flex flex-col gap-2 border-line border-t pt-2">
      <Slider
        label={words.amount}
        help={words.amountHint}
        className="w-full"
        value={amount}
        min={1}
        max={MAX_MASK_STEP}
        shown={`${amount} px`}
        onChange={setAmount}
      />
      <div className="flex flex-wrap gap-1.5">
        {actions.map(([label, Icon, run]) => (
          <TextButton key={label} small onClick={run}>
            <Icon size={14} strokeWidth={1.75} aria-hidden="true" />
            {label}
          </TextButton>
        ))}
      </div>
    </div>
  );
}
