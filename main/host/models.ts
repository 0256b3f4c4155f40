/**
 * Answers windows about models.
 */

import type { InstallEvent, ModelsApi, WorkEvent } from '../../app/contracts/models-api.ts';
import type { CallContext, Handlers } from '../../app/contracts/rpc.ts';
import type { ModelManager, Work } from '../models/model-manager.ts';
import type { AskedOptions } from '../studio.ts';

export function modelHandlers(manager: ModelManager, options: AskedOptions): Handlers<ModelsApi> {
  return {
    availableModels: () => manager.available(),
    watchInstalls: (context) => watchInstalls(manager, context),
    install: async (_, order) => {
      const install = await manager.order(order);
      void manager.installs.run(install);
      return install.id;
    },
    installCommand: async (_, command) => {
      await manager.installs.obey(command);
      return null;
    },
    inspectModel: (_, paths) => manager.inspect(paths),
    importModel: (context, order) => manager.import(order, workOf(context)),
    modelDetails: ({ signal }, id) => manager.details(id, options, signal),
    modelThumbnail: (_, id) => manager.thumbnail(id),
    changeModel: async (_, id, change) => {
      await manager.change(id, change);
      return null;
    },
    removeModel: async (_, id) => {
      await manager.remove(id);
      return null;
    },
    verifyModels: (context, id) => manager.verify(id, workOf(context)),
    optimiseModel: (context, id, precision) => manager.optimise(id, precision, options, workOf(context)),
    undoOptimise: async (_, id) => {
      await manager.undoOptimise(id);
      return null;
    },
    orphans: () => manager.orphans(),
    removeOrphans: async (_, paths) => {
      await manager.removeOrphans(paths);
      return null;
    },
    moveModels: (context, folder) => manager.move(folder, workOf(context)),
    modelSettings: async () => ({
      ...manager.settings(),
      usedFolder: manager.modelsFolder,
      usedBudget: manager.memoryBudget,
    }),
    changeModelSettings: (_, change) => manager.changeSettings(change),
    hubToken: async () => ({ place: (await manager.tokens.place()) ?? null }),
    setHubToken: async (_, token) => ({ place: (await manager.tokens.write(token)) ?? null }),
  };
}

function workOf({ signal, emit }: CallContext<WorkEvent>): Work {
  return { signal, onWork: (event) => emit(event, { latest: true }) };
}

function watchInstalls({ installs }: ModelManager, { signal, emit }: CallContext<InstallEvent>): Promise<null> {
  return new Promise((resolve, reject) => {
    const watching = installs.watch((event) => emit(event, { latest: event.type === 'installs' }));
    const stop = () => {
      watching.dispose();
      resolve(null);
    };
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
    installs.refresh().catch(reject);
  });
}
