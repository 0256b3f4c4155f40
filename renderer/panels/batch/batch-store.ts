/**
 * The batch that is being put together, and the one that the host paints.
 */
import { createStore } from 'zustand/vanilla';
import { isCancelled, type SerializedError, serializeError } from '../../../app/base/errors.ts';
import { DEFAULT_OUTPUT, type OutputOptions } from '../../../app/batch/batch-options.ts';
import type { BatchCount, BatchForecast, BatchOrder, BatchState } from '../../../app/batch/batch-order.ts';
import { literalText } from '../../../app/batch/choices.ts';
import { type PlanRow, type PlanRows, planOfRows, rowsOfPlan } from '../../../app/batch/plan-rows.ts';
import { description, labelName, modelStore, modelsLoaded } from '../../stores/model-store.ts';
import { openDialog } from '../../stores/ui-store.ts';
import { host } from '../../transport/host.ts';

interface BatchStore {
  readonly rows: PlanRows;
  readonly output: OutputOptions;
  /** Folder on the host. */
  readonly out: string;
  readonly sheet: boolean;
  readonly acceptChanges: boolean;
  /** What the plan would make; null while it is being counted. */
  readonly count: BatchCount | null;
  /** Why it cannot be painted, or what went wrong last. */
  readonly problem: SerializedError | null;
  readonly forecast: BatchForecast | 'measuring' | null;
  readonly state: BatchState | null;
}

/** Pictures of a new plan. */
const FIRST_SEEDS = 8;
/** Milliseconds after the last change before pictures are counted. */
const COUNT_MS = 300;

export const batchStore = createStore<BatchStore>(() => ({
  rows: [],
  output: DEFAULT_OUTPUT,
  out: '',
  sheet: false,
  acceptChanges: false,
  count: null,
  problem: null,
  forecast: null,
  state: null,
}));

let counting: { readonly timer: number; readonly stop: AbortController } | undefined;

/** Listens to the host's batch as long as the window lives. */
export async function watchBatch(): Promise<void> {
  try {
    await host('watchBatch', [], { onEvent: (state) => batchStore.setState({ state }) });
  } catch (error) {
    if (!isCancelled(error)) throw error;
  }
}

/** Opens the dialog: with the last batch, or with a plan of what the panel asks for. */
export async function openBatch(): Promise<void> {
  await modelsLoaded();
  const { rows, state } = batchStore.getState();
  if (rows.length === 0) {
    if (state?.order) takeOver(state.order);
    else batchStore.setState({ rows: [askedRows()], out: await newFolder() });
  }
  openDialog('batch');
  countSoon();
}

/** What the dialog asks for. */
export function currentOrder(): BatchOrder {
  const { rows, output, out, sheet, acceptChanges } = batchStore.getState();
  return { plan: planOfRows(rows), output, out, model: modelStore.getState().model, sheet, acceptChanges };
}

type Change = Partial<Pick<BatchStore, 'rows' | 'output' | 'out' | 'sheet' | 'acceptChanges'>>;

export function changeBatch(change: Change): void {
  batchStore.setState({ ...change, forecast: null });
  countSoon();
}

/** Opens the text of a plan's file. */
export async function openPlan(name: string, text: string): Promise<void> {
  await trying(async () => changeBatch({ rows: rowsOfPlan(await host('readPlan', [name, text])) }));
}

/** The plan as the text of a file; undefined when it cannot be written. */
export function planText(): Promise<string | undefined> {
  return trying(() => host('formatPlan', [currentOrder().plan]));
}

export async function forecast(): Promise<void> {
  batchStore.setState({ forecast: 'measuring' });
  const measured = await trying(() => host('forecastBatch', [currentOrder()]));
  batchStore.setState({ forecast: measured ?? null });
}

export async function startBatch(): Promise<void> {
  await trying(() => host('startBatch', [currentOrder()]));
}

/** Goes on with the batch that was stopped, as it was asked for then. */
export async function resumeBatch(): Promise<void> {
  const { state } = batchStore.getState();
  if (state?.order) await trying(() => host('startBatch', [state.order as BatchOrder]));
}

export async function stopBatch(): Promise<void> {
  await trying(() => host('stopBatch', []));
  countSoon();
}

function takeOver({ plan, output, out, sheet, acceptChanges }: BatchOrder): void {
  batchStore.setState({ rows: rowsOfPlan(plan), output, out, sheet, acceptChanges });
}

/** What the panel asks for, with some seeds. */
function askedRows(): PlanRow[] {
  const { model, label, prompt, seed, settings } = modelStore.getState();
  const name = model === null ? '' : labelName(model, label);
  return [
    ...(name ? [{ name: 'label', text: literalText(name) }] : []),
    ...(description()?.words ? [{ name: 'prompt', text: literalText(prompt) }] : []),
    ...Object.entries(settings).map(([id, value]) => ({ name: id, text: String(value) })),
    { name: 'seed', text: `${seed}..${seed + FIRST_SEEDS - 1}` },
  ];
}

async function newFolder(): Promise<string> {
  const { dataFolder } = await host('hello', []);
  const separator = dataFolder.includes('\\') ? '\\' : '/';
  const day = new Date().toISOString().slice(0, 10);
  return [dataFolder, 'batches', day].join(separator);
}

/** Counts once nothing has changed for a moment; what was asked before is of no interest any more. */
function countSoon(): void {
  clearTimeout(counting?.timer);
  counting?.stop.abort();
  const stop = new AbortController();
  const timer = window.setTimeout(async () => {
    batchStore.setState({ count: null });
    const count = await trying(() => host('countBatch', [currentOrder()], { signal: stop.signal }));
    if (!stop.signal.aborted) batchStore.setState({ count: count ?? null });
  }, COUNT_MS);
  counting = { timer, stop };
}

/** What goes wrong is shown in the dialog. */
async function trying<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    const result = await work();
    batchStore.setState({ problem: null });
    return result;
  } catch (error) {
    if (!isCancelled(error)) batchStore.setState({ problem: serializeError(error) });
    return undefined;
  }
}
