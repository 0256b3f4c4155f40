/**
 * The layers of the painting, the topmost first.
 */
import {
  ArrowDown,
  ArrowUp,
  Brush,
  Copy,
  Eye,
  EyeOff,
  Layers2,
  Lock,
  LockOpen,
  type LucideIcon,
  Plus,
  SquareDashedMousePointer,
  Trash2,
  VenetianMask,
} from 'lucide-react';
import { useStore } from 'zustand';
import { BLEND_MODES, type BlendMode, type Layer, type LayerKind } from '../../app/document/document.ts';
import { findLayer } from '../../app/document/edits.ts';
import {
  addEmptyLayer,
  changeLayer,
  copyLayer,
  deleteLayer,
  featherActiveMask,
  growActiveMask,
  invertActiveMask,
  maskFromSelection,
  mergeDown,
  selectLayer,
  shiftLayer,
} from '../actions/layers.ts';
import { documentStore, endEditGroup } from '../stores/document-store.ts';
import { useWords } from '../text/words.ts';
import { IconButton, TextButton } from '../widgets/button.tsx';
import { Checkbox, EmptyState, Select, Slider } from '../widgets/field.tsx';

const KIND_ICONS: Readonly<Record<LayerKind, LucideIcon>> = {
  paint: Brush,
  mask: VenetianMask,
  control: SquareDashedMousePointer,
};
/** Pixels by which a mask grows or shrinks, and softens, at a click. */
const MASK_STEP = 8;

export function LayersPanel() {
  const words = useWords().layers;
  const { layers, activeLayer } = useStore(documentStore, ({ history }) => history.present);
  const active = useStore(documentStore, ({ history }) => findLayer(history.present, history.present.activeLayer));
  return (
    <div className="flex h-full flex-col">
      {active && <ActiveLayer layer={active} />}
      <div className="min-h-0 flex-1 overflow-y-auto p-1.5">
        <ul aria-label={words.title}>
          {layers.toReversed().map((layer) => (
            <LayerRow key={layer.id} layer={layer} active={layer.id === activeLayer} />
          ))}
        </ul>
        {layers.length === 0 && <EmptyState>{words.empty}</EmptyState>}
      </div>
      <div className="flex items-center gap-0.5 border-line border-t p-1.5">
        {(['paint', 'mask', 'control'] as const).map((kind) => (
          <AddButton key={kind} kind={kind} />
        ))}
        <span className="flex-1" />
        <IconButton small icon={ArrowUp} label={words.up} onClick={() => shiftLayer(1)} />
        <IconButton small icon={ArrowDown} label={words.down} onClick={() => shiftLayer(-1)} />
        <IconButton small icon={Copy} label={words.duplicate} onClick={() => copyLayer()} />
        <IconButton small icon={Layers2} label={words.merge} onClick={() => mergeDown()} />
        <IconButton small icon={Trash2} label={words.remove} onClick={() => deleteLayer()} />
      </div>
    </div>
  );
}

function AddButton({ kind }: { readonly kind: LayerKind }) {
  const words = useWords().layers;
  const Icon = KIND_ICONS[kind];
  return (
    <button
      type="button"
      title={`${words.add}: ${words[kind]}`}
      aria-label={`${words.add}: ${words[kind]}`}
      className="inline-flex h-7 items-center rounded-md px-1 hover:bg-raised"
      onClick={() => addEmptyLayer(kind)}
    >
      <Plus size={12} aria-hidden="true" />
      <Icon size={15} aria-hidden="true" />
    </button>
  );
}

function LayerRow({ layer, active }: { readonly layer: Layer; readonly active: boolean }) {
  const words = useWords().layers;
  const { id, kind, name, visible, locked } = layer;
  const Icon = KIND_ICONS[kind];
  return (
    <li
      aria-current={active ? 'true' : undefined}
      className={`mb-0.5 flex items-center gap-1 rounded-md border px-1 ${active ? 'border-accent bg-raised' : 'border-transparent hover:bg-raised'}`}
    >
      <IconButton
        small
        icon={visible ? Eye : EyeOff}
        label={`${visible ? words.hide : words.show}: ${name}`}
        onClick={() => changeLayer(id, { visible: !visible })}
      />
      <button
        type="button"
        className={`flex h-8 min-w-0 flex-1 items-center gap-1.5 text-left ${visible ? '' : 'opacity-60'}`}
        onClick={() => selectLayer(id)}
      >
        <Icon size={14} aria-label={words[kind]} className="shrink-0 text-muted" />
        <span className="truncate">{name}</span>
      </button>
      <IconButton
        small
        icon={locked ? Lock : LockOpen}
        label={`${locked ? words.unlock : words.lock}: ${name}`}
        className={locked ? '' : 'text-muted'}
        onClick={() => changeLayer(id, { locked: !locked })}
      />
    </li>
  );
}

function ActiveLayer({ layer }: { readonly layer: Layer }) {
  const words = useWords();
  const { id, name, opacity, blend, alphaLocked, kind } = layer;
  const blends = BLEND_MODES.map((mode): readonly [BlendMode, string] => [mode, words.blends[mode]]);
  return (
    <div className="flex flex-col gap-2 border-line border-b p-2.5">
      <input
        className="h-7 rounded-md border border-line bg-raised px-2"
        aria-label={words.layers.rename}
        value={name}
        onChange={({ target }) => changeLayer(id, { name: target.value }, `name ${id}`)}
        onBlur={endEditGroup}
      />
      <Slider
        label={words.layers.opacity}
        value={opacity}
        min={0}
        max={1}
        step={0.01}
        shown={`${Math.round(opacity * 100)} %`}
        onChange={(value) => changeLayer(id, { opacity: value }, `opacity ${id}`)}
        onDone={endEditGroup}
      />
      <Select
        label={words.layers.blend}
        value={blend}
        options={blends}
        onChange={(value) => changeLayer(id, { blend: value })}
      />
      <Checkbox
        label={words.layers.alphaLock}
        checked={alphaLocked}
        onChange={(checked) => changeLayer(id, { alphaLocked: checked })}
      />
      {kind === 'mask' && <MaskActions />}
    </div>
  );
}

function MaskActions() {
  const words = useWords().layers;
  return (
    <div className="flex flex-wrap gap-1">
      <TextButton onClick={() => growActiveMask(MASK_STEP)}>{words.grow}</TextButton>
      <TextButton onClick={() => growActiveMask(-MASK_STEP)}>{words.shrink}</TextButton>
      <TextButton onClick={() => featherActiveMask(MASK_STEP)}>{words.feather}</TextButton>
      <TextButton onClick={invertActiveMask}>{words.invert}</TextButton>
      <TextButton onClick={maskFromSelection}>{words.fromSelection}</TextButton>
    </div>
  );
}
