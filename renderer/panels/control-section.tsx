/**
 * A control map: what it shows, how strictly models follow it, and how it is made of a picture.
 */
import { ScanLine } from 'lucide-react';
import { useStore } from 'zustand';
import { controlKindOf } from '../../app/document/control-layer.ts';
import type { Layer } from '../../app/document/document.ts';
import { MAP_KINDS, type MapKind, type ModelDescription } from '../../app/generation/request.ts';
import { PREPROCESSORS } from '../../app/imaging/preprocessors.ts';
import { previewMap, remakeMap } from '../actions/control-map.ts';
import { changeLayer } from '../actions/layers.ts';
import { controlStore, currentMethod, type MapMethod, mapMethods, setMapSetting } from '../stores/control-store.ts';
import { documentStore } from '../stores/document-store.ts';
import { modelStore, setSetting } from '../stores/model-store.ts';
import { toolStore } from '../stores/tool-store.ts';
import { useWords } from '../text/words.ts';
import { TextButton } from '../widgets/button.tsx';
import { Select } from '../widgets/field.tsx';
import { SettingField } from './setting-field.tsx';

export function ControlSection({ layer }: { readonly layer: Layer }) {
  const words = useWords().control;
  const model = useStore(modelStore, ({ model: id, descriptions }) => (id === null ? undefined : descriptions[id]));
  const method = useStore(controlStore, currentMethod);
  return (
    <div className="flex flex-col gap-2 border-line border-t pt-2">
      <KindField layer={layer} model={model} />
      <Regions layer={layer} model={model} />
      <Strength model={model} />
      <fieldset aria-label={words.make} className="flex flex-col gap-2 border-line border-t pt-2">
        <div className="grid grid-cols-2 gap-2">
          <SourceField layer={layer} />
          <Select
            label={words.method}
            value={method}
            options={mapMethods().map((id): [MapMethod, string] => [id, words.methods[id]])}
            onChange={(next) => controlStore.setState({ method: next })}
          />
        </div>
        <MethodSettings layer={layer} method={method} />
        <TextButton small title={words.makeHint} onClick={() => remakeMap(layer)}>
          <ScanLine size={14} strokeWidth={1.75} aria-hidden="true" />
          {words.make}
        </TextButton>
      </fieldset>
    </div>
  );
}

interface OfModel {
  readonly model: ModelDescription | undefined;
}

/** The kinds that the model follows; all of them while it follows none. */
function KindField({ layer, model }: OfModel & { readonly layer: Layer }) {
  const words = useWords().control;
  const followed = model?.controls ?? [];
  const kind = controlKindOf(layer, followed) ?? 'canny';
  const kinds = MAP_KINDS.filter((id) => id === kind || followed.length === 0 || followed.includes(id));
  return (
    <>
      <Select
        label={words.kind}
        help={words.kindHint}
        value={kind}
        options={kinds.map((id): [MapKind, string] => [id, words.kinds[id]])}
        onChange={(controlKind) => changeLayer(layer.id, { controlKind })}
      />
      {!followed.includes(kind) && <p className="text-2xs text-muted">{words.notFollowed}</p>}
    </>
  );
}

/** Colours of what can be in a picture, to paint with. */
function Regions({ layer, model }: OfModel & { readonly layer: Layer }) {
  const words = useWords().control;
  const color = useStore(toolStore, (state) => state.color);
  const regions = model?.regions ?? [];
  if (regions.length === 0 || controlKindOf(layer, model?.controls ?? []) !== 'segmentation') return null;
  return (
    <fieldset aria-label={words.regions} title={words.regionsHint} className="flex flex-wrap gap-1">
      {regions.map((region) => (
        <button
          key={region.name}
          type="button"
          aria-pressed={region.color === color}
          className={`inline-flex h-6 items-center gap-1.5 rounded-md px-1.5 text-2xs ${region.color === color ? 'bg-tint text-accent' : 'hover:bg-raised'}`}
          onClick={() => toolStore.setState({ color: region.color })}
        >
          <span
            aria-hidden="true"
            className="size-3 rounded-full border border-edge"
            style={{ background: region.color }}
          />
          {region.name}
        </button>
      ))}
    </fieldset>
  );
}

/** What the model lets be said of the map. */
function Strength({ model }: OfModel) {
  const settings = useStore(modelStore, (state) => state.settings);
  const specs = model?.settings.filter((spec) => spec.kind === 'number' && spec.ofControl) ?? [];
  return specs.map((spec) => (
    <SettingField
      key={spec.id}
      spec={spec}
      value={settings[spec.id]}
      onChange={(value) => setSetting(spec.id, value)}
    />
  ));
}

/** The picture, or one of the layers. */
function SourceField({ layer }: { readonly layer: Layer }) {
  const words = useWords().control;
  const layers = useStore(documentStore, ({ history }) => history.present.layers);
  const source = useStore(controlStore, (state) => state.source);
  const others = layers.filter(({ id, kind }) => id !== layer.id && kind !== 'mask').toReversed();
  return (
    <Select
      label={words.source}
      value={others.some(({ id }) => id === source) ? (source ?? '') : ''}
      options={[['', words.picture], ...others.map(({ id, name }): [string, string] => [id, name])]}
      onChange={(id) => controlStore.setState({ source: id || null })}
    />
  );
}

/** Shown on the canvas while they are dragged. */
function MethodSettings({ layer, method }: { readonly layer: Layer; readonly method: MapMethod }) {
  const settings = useStore(controlStore, (state) => state.settings);
  if (method === 'plain') return null;
  return PREPROCESSORS[method].settings.map((spec) => (
    <SettingField
      key={spec.id}
      spec={spec}
      value={settings[method]?.[spec.id]}
      onChange={(value) => {
        setMapSetting(method, spec.id, value);
        previewMap(layer);
      }}
      onDone={() => remakeMap(layer)}
    />
  ));
}
