/**
 * How control maps are made of pictures, as it was set last.
 */
import { createStore } from 'zustand/vanilla';
import type { Settings, SettingValue } from '../../app/generation/request.ts';
import { PREPROCESSOR_IDS, PREPROCESSORS, type PreprocessorId } from '../../app/imaging/preprocessors.ts';
import { description } from './model-store.ts';

/** `plain` takes the picture as it is: a map that comes from elsewhere. */
export type MapMethod = PreprocessorId | 'plain';

interface ControlState {
  /** Undefined as long as nothing was chosen. */
  readonly method: MapMethod | undefined;
  /** Of the preprocessors, only those that differ from the defaults. */
  readonly settings: Readonly<Partial<Record<PreprocessorId, Settings>>>;
  /** Layer that maps are made of, or null for all that is seen. */
  readonly source: string | null;
}

export const controlStore = createStore<ControlState>(() => ({ method: undefined, settings: {}, source: null }));

/** What makes maps that the chosen model follows; everything for a model that follows none. */
export function mapMethods(): readonly MapMethod[] {
  const controls = description()?.controls ?? [];
  const fitting = PREPROCESSOR_IDS.filter((id) => controls.length === 0 || controls.includes(PREPROCESSORS[id].kind));
  return [...fitting, 'plain'];
}

/** The chosen one, if its maps are followed. */
export function currentMethod({ method }: ControlState = controlStore.getState()): MapMethod {
  const methods = mapMethods();
  return method && methods.includes(method) ? method : (methods[0] as MapMethod);
}

export function setMapSetting(method: PreprocessorId, id: string, value: SettingValue | undefined): void {
  controlStore.setState(({ settings }) => {
    const { [id]: _, ...others } = settings[method] ?? {};
    return { settings: { ...settings, [method]: value === undefined ? others : { ...others, [id]: value } } };
  });
}
