/**
 * The model manager as this window sees it.
 */
import { createStore } from 'zustand/vanilla';
import { isCancelled, toStudioError } from '../../app/base/errors.ts';
import type {
  AvailableModel,
  Imported,
  Inspection,
  Install,
  InstallCommand,
  InstallEvent,
  InstallOrder,
  WorkEvent,
} from '../../app/contracts/models-api.ts';
import { words } from '../text/words.ts';
import { host } from '../transport/host.ts';
import { loadModels } from './model-store.ts';
import { notify, reportError } from './notice-store.ts';
import { openDialog, uiStore } from './ui-store.ts';

export const MANAGER_TABS = ['installed', 'available', 'add', 'settings'] as const;
export type ManagerTab = (typeof MANAGER_TABS)[number];

interface ManagerState {
  readonly tab: ManagerTab;
  /** Id of the model whose details are shown, or null for the list. */
  readonly shown: string | null;
  readonly available: readonly AvailableModel[];
  readonly installs: readonly Install[];
  /** What was found in files that are to be added. */
  readonly inspection: Inspection | null;
  readonly imported: Imported | null;
  /** Long work that this window has asked for, or null. */
  readonly work: WorkEvent | null;
  /** What went wrong last, or null. */
  readonly problem: { readonly message: string; readonly hint: string | undefined } | null;
}

export const managerStore = createStore<ManagerState>(() => ({
  tab: 'installed',
  shown: null,
  available: [],
  installs: [],
  inspection: null,
  imported: null,
  work: null,
  problem: null,
}));

/** Shows what went wrong in the dialog, which covers other notices. */
export function reportProblem(error: unknown): void {
  if (isCancelled(error) || !uiStore.getState().connected) return;
  const { message, hint } = toStudioError(error);
  managerStore.setState({ problem: { message, hint } });
}

export function clearProblem(): void {
  managerStore.setState({ problem: null });
}

/** Listens to installs as long as the window lives. */
export async function watchInstalls(): Promise<void> {
  try {
    await host('watchInstalls', [], { onEvent: receive });
  } catch (error) {
    reportError(error);
  }
}

function receive(event: InstallEvent): void {
  if (event.type === 'installs') managerStore.setState({ installs: event.installs });
  else {
    notify('info', words().models.installed(event.name));
    refresh();
  }
}

/** Reads again what is here and what could be. */
export function refresh(): void {
  loadModels().catch(reportProblem);
  host('availableModels', []).then((available) => managerStore.setState({ available }), reportProblem);
}

/** Opens the dialog at a place. */
export function showManager(tab: ManagerTab, shown: string | null = null): void {
  managerStore.setState({ tab, shown });
  openDialog('models');
}

export function install(order: InstallOrder): void {
  clearProblem();
  host('install', [order]).catch(reportProblem);
}

export function commandInstall(command: InstallCommand): void {
  host('installCommand', [command]).catch(reportProblem);
}

/** Looks at files on the host, and shows what they are. */
export async function inspect(paths: readonly string[]): Promise<void> {
  managerStore.setState({ inspection: null, imported: null, problem: null });
  try {
    managerStore.setState({ inspection: await host('inspectModel', [paths]) });
  } catch (error) {
    reportProblem(error);
  }
}

/** Makes the files that were looked at a model. */
export async function addInspected(id: string): Promise<void> {
  const { inspection } = managerStore.getState();
  if (!inspection) return;
  const imported = await doWork((onEvent) => host('importModel', [{ files: inspection.complete, id }], { onEvent }));
  if (!imported) return;
  managerStore.setState({ imported, inspection: null });
  refresh();
}

/** Does long work and shows how far it is. Undefined when it failed, which is told. */
export async function doWork<T>(work: (onEvent: (event: WorkEvent) => void) => Promise<T>): Promise<T | undefined> {
  if (managerStore.getState().work) return undefined;
  managerStore.setState({ work: { stage: 'reading', share: 0, on: '' }, problem: null });
  try {
    return await work((event) => managerStore.setState({ work: event }));
  } catch (error) {
    reportProblem(error);
    return undefined;
  } finally {
    managerStore.setState({ work: null });
  }
}
