/**
 * The models of this machine, the one that is chosen, and what is asked of it.
 */
import { createStore } from 'zustand/vanilla';
import type { ModelSummary } from '../../app/contracts/studio-api.ts';
import type {
  Capability,
  GenerationRequest,
  ModelDescription,
  Settings,
  SettingValue,
} from '../../app/generation/request.ts';
import { host } from '../transport/host.ts';

const MAX_SEED = 2 ** 32;

interface ModelState {
  readonly models: readonly ModelSummary[];
  /** Id of the chosen one, or null before any is known. */
  readonly model: string | null;
  readonly descriptions: Readonly<Record<string, ModelDescription>>;
  /** Class, or null for none. */
  readonly label: number | null;
  readonly seed: number;
  /** Whether the next picture has the same seed. */
  readonly seedLocked: boolean;
  readonly count: number;
  /** Only those that differ from the defaults. */
  readonly settings: Settings;
  /** Steps of what is under the frame that are kept; 0 paints from nothing. */
  readonly keepSteps: number;
  /** A frame larger than the model's pictures gets their detail all over. */
  readonly detail: boolean;
  readonly live: boolean;
}

export const modelStore = createStore<ModelState>(() => ({
  models: [],
  model: null,
  descriptions: {},
  label: 0,
  seed: randomSeed(),
  seedLocked: false,
  count: 1,
  settings: {},
  keepSteps: 0,
  detail: false,
  live: false,
}));

export function randomSeed(): number {
  return Math.floor(Math.random() * MAX_SEED);
}

let loading: Promise<void> | undefined;

/** Asks the host for its models, and chooses one when none is chosen yet. */
export function loadModels(): Promise<void> {
  loading = fetchModels();
  return loading;
}

/** Settles when a model can be asked for, or when it is known that there is none: the window is there before its models are. */
export async function modelsLoaded(): Promise<void> {
  await loading;
}

async function fetchModels(): Promise<void> {
  const models = await host('models', []);
  modelStore.setState({ models });
  const usable = models.find(({ problem }) => problem === null);
  if (usable && modelStore.getState().model === null) await chooseModel(usable.id);
}

/** Throws what is wrong with the model. */
export async function chooseModel(id: string): Promise<void> {
  const description = await host('describe', [id]);
  modelStore.setState(({ descriptions, label }) => ({
    model: id,
    descriptions: { ...descriptions, [id]: description },
    settings: {},
    keepSteps: 0,
    label: label !== null && label < description.classes ? label : 0,
  }));
}

export function description(): ModelDescription | undefined {
  const { model, descriptions } = modelStore.getState();
  return model === null ? undefined : descriptions[model];
}

/** Of the pictures that the chosen model makes. */
export function modelSize(): { width: number; height: number } {
  const { width, height } = description() ?? { width: 256, height: 256 };
  return { width, height };
}

/** Tokens of each step of a model's pictures; empty when it is not known. */
export function stepsOf(model: string): readonly number[] {
  return modelStore.getState().descriptions[model]?.tokensPerStep ?? [];
}

/** Whether a model can do what not all can; false while it is not known. */
export function can(model: string, capability: Capability): boolean {
  return modelStore.getState().descriptions[model]?.capabilities.includes(capability) ?? false;
}

export function labelName(model: string, label: number | null): string {
  return (label === null ? undefined : modelStore.getState().descriptions[model]?.labels[label]) ?? '';
}

export function setSetting(id: string, value: SettingValue | undefined): void {
  modelStore.setState(({ settings }) => {
    const { [id]: _, ...others } = settings;
    return { settings: value === undefined ? others : { ...others, [id]: value } };
  });
}

/** What the panel asks for; its seed is the store's. Undefined before a model is chosen. */
export function currentRequest(): GenerationRequest | undefined {
  const { model, label, seed, settings } = modelStore.getState();
  return model === null ? undefined : { model, label, seed, settings };
}

type Asked = Pick<ModelState, 'model' | 'label' | 'seed' | 'seedLocked' | 'settings' | 'keepSteps'>;

/** Brings the panel back to what it asked for before. */
export function restoreAsked({ model, label, seed, seedLocked, settings, keepSteps }: Asked): void {
  modelStore.setState({ model, label, seed, seedLocked, settings, keepSteps });
}

/** Takes the request of a picture over, all of it or its seed alone. */
export async function recall(request: GenerationRequest, part: 'all' | 'seed'): Promise<void> {
  if (part === 'all') {
    if (request.model !== modelStore.getState().model) await chooseModel(request.model);
    modelStore.setState({ label: request.label, settings: request.settings });
  }
  modelStore.setState({ seed: request.seed, seedLocked: true });
}
