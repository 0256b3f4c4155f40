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
  ScanLine,
  Trash2,
  VenetianMask,
} from 'lucide-react';
import { type DragEvent, memo, useState } from 'react';
import { useStore } from 'zustand';
import type { Layer, LayerKind } from '../../app/document/document.ts';
import { findLayer } from '../../app/document/edits.ts';
import {
  addEmptyLayer,
  changeLayer,
  copyLayer,
  deleteLayer,
  dropLayer,
  mergeDown,
  selectLayer,
  shiftLayer,
} from '../actions/layers.ts';
import { documentStore } from '../stores/document-store.ts';
import { useWords } from '../text/words.ts';
import { IconButton } from '../widgets/button.tsx';
import { EmptyState } from '../widgets/field.tsx';
import { ActiveLayer } from './active-layer.tsx';
import { LayerThumbnail } from './layer-thumbnail.tsx';

const KIND_ICONS: Readonly<Record<LayerKind, LucideIcon>> = {
  paint: Brush,
  mask: VenetianMask,
  control: ScanLine,
};
const LAYER_TYPE = 'application/x-underpaint-layer';

export function LayersPanel() {
  const words = useWords().layers;
  const layers = useStore(documentStore, ({ history }) => history.present.layers);
  const activeLayer = useStore(documentStore, ({ history }) => history.present.activeLayer);
  const active = useStore(documentStore, ({ history }) => findLayer(history.present, history.present.activeLayer));
  return (
    <div className="flex h-full flex-col">
      {active && <ActiveLayer layer={active} />}
      <div className="min-h-0 flex-1 overflow-y-auto p-2">
        <ul aria-label={words.title}>
          {layers.toReversed().map((layer) => (
            <LayerRow key={layer.id} layer={layer} active={layer.id === activeLayer} />
          ))}
        </ul>
        {layers.length === 0 && <EmptyState icon={Layers2}>{words.empty}</EmptyState>}
      </div>
      <div className="flex items-center gap-0.5 border-line border-t p-2">
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
      className="relative inline-flex size-8 items-center justify-center rounded-md hover:bg-raised"
      onClick={() => addEmptyLayer(kind)}
    >
      <Icon size={17} strokeWidth={1.75} aria-hidden="true" />
      <span className="absolute right-0.5 bottom-0.5 flex size-3.5 items-center justify-center rounded-full bg-panel text-accent">
        <Plus size={11} strokeWidth={3} aria-hidden="true" />
      </span>
    </button>
  );
}

/** Rows are dragged onto each other to change their order. A stroke changes one of many. */
const LayerRow = memo(function LayerRow({ layer, active }: { readonly layer: Layer; readonly active: boolean }) {
  const words = useWords().layers;
  const [isTarget, setTarget] = useState(false);
  const { id, kind, name, visible, locked } = layer;
  const Icon = KIND_ICONS[kind];
  const drop = (event: DragEvent) => {
    setTarget(false);
    const dragged = event.dataTransfer.getData(LAYER_TYPE);
    if (dragged && dragged !== id) dropLayer(dragged, id);
  };
  return (
    <li
      draggable
      aria-current={active ? 'true' : undefined}
      className={`mb-0.5 flex items-center gap-0.5 rounded-lg border px-1 ${isTarget ? 'border-accent' : 'border-transparent'} ${active ? 'bg-tint' : 'hover:bg-raised'}`}
      onDragStart={(event) => event.dataTransfer.setData(LAYER_TYPE, id)}
      onDragOver={(event) => {
        if (!event.dataTransfer.types.includes(LAYER_TYPE)) return;
        event.preventDefault();
        setTarget(true);
      }}
      onDragLeave={() => setTarget(false)}
      onDrop={drop}
    >
      <IconButton
        small
        icon={visible ? Eye : EyeOff}
        label={`${visible ? words.hide : words.show}: ${name}`}
        className={visible ? '' : 'text-muted'}
        onClick={() => changeLayer(id, { visible: !visible })}
      />
      <button
        type="button"
        className={`flex h-12 min-w-0 flex-1 items-center gap-2.5 text-left ${visible ? '' : 'opacity-60'}`}
        onClick={() => selectLayer(id)}
      >
        <LayerThumbnail layer={layer} />
        <span className="min-w-0 flex-1 truncate font-medium">{name}</span>
        <Icon size={14} strokeWidth={1.75} role="img" aria-label={words[kind]} className="shrink-0 text-muted" />
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
});
