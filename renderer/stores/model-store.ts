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
  StepArea,
} from '../../app/generation/request.ts';
import { type StepCells, stepCells } from '../../app/generation/step-cells.ts';
import { host } from '../transport/host.ts';

const MAX_SEED = 2 ** 32;

interface ModelState {
  readonly models: readonly ModelSummary[];
  /** Id of the chosen one, or null before any is known. */
  readonly model: string | null;
  readonly descriptions: Readonly<Record<string, ModelDescription>>;
  /** Class, or null for none. */
  readonly label: number | null;
  /** What to paint in words; only models that read them are given it. */
  readonly prompt: string;
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
  prompt: '',
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
    label: classOf(description, label),
  }));
}

/** The class if the model has it, else its first; none for a model without classes. */
function classOf({ classes }: ModelDescription, label: number | null): number | null {
  if (classes === 0) return null;
  return label !== null && label < classes ? label : 0;
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

/** Where the tokens of a step of a model's pictures lie; one cell when the model is not known. */
export function cellsOf(model: string, step: number): StepCells {
  return stepCells(modelStore.getState().descriptions[model] ?? UNKNOWN, step);
}

/** What of the picture each step of a model paints; undefined where every step covers all of it. */
export function areasOf(model: string): readonly StepArea[] | undefined {
  return modelStore.getState().descriptions[model]?.stepAreas;
}

const UNKNOWN = { width: 1, height: 1, tokensPerStep: [] };

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

const TITLE_LENGTH = 80;

/** What a request asks for, in a line: the name of its class, else the beginning of its prompt. */
export function titleOf({ model, label, prompt = '' }: Pick<GenerationRequest, 'model' | 'label' | 'prompt'>): string {
  const line = prompt.replace(/\s+/g, ' ').trim();
  const cut = line.length > TITLE_LENGTH ? `${line.slice(0, TITLE_LENGTH - 1).trimEnd()}…` : line;
  return labelName(model, label) || cut;
}

export function setSetting(id: string, value: SettingValue | undefined): void {
  modelStore.setState(({ settings }) => {
    const { [id]: _, ...others } = settings;
    return { settings: value === undefined ? others : { ...others, [id]: value } };
  });
}

/** What the panel asks for; its seed is the store's. Undefined before a model is chosen. */
export function currentRequest(): GenerationRequest | undefined {
  const { model, label, prompt, seed, settings } = modelStore.getState();
  if (model === null) return undefined;
  return { model, label, seed, settings, ...(description()?.words && { prompt }) };
}

type Asked = Pick<ModelState, 'model' | 'label' | 'prompt' | 'seed' | 'seedLocked' | 'settings' | 'keepSteps'>;

/** Brings the panel back to what it asked for before. */
export function restoreAsked({ model, label, prompt, seed, seedLocked, settings, keepSteps }: Asked): void {
  modelStore.setState({ model, label, prompt, seed, seedLocked, settings, keepSteps });
}

/** Takes the request of a picture over, all of it or its seed alone. */
export async function recall(request: GenerationRequest, part: 'all' | 'seed'): Promise<void> {
  if (part === 'all') {
    if (request.model !== modelStore.getState().model) await chooseModel(request.model);
    const { label, prompt, settings } = request;
    modelStore.setState({ label, settings, ...(prompt !== undefined && { prompt }) });
  }
  modelStore.setState({ seed: request.seed, seedLocked: true });
}
