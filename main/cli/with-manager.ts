/**
 * Opens the model manager for one command.
 */
import { ModelManager, type Work } from '../models/model-manager.ts';
import { ProgressLine } from './progress-line.ts';
import { withStudio } from './with-studio.ts';

/** @param work gets what is needed to be stopped and to tell how far it is */
export function withManager<T>(work: (manager: ModelManager, progress: Work) => Promise<T>): Promise<T> {
  return withStudio(async (studio, signal) => {
    const manager = new ModelManager(studio);
    const line = new ProgressLine();
    try {
      return await work(manager, {
        signal,
        onWork: ({ stage, share, on }) => line.show(`${on}: ${stage}, ${Math.round(share * 100)} %`),
      });
    } finally {
      line.clear();
      await manager.installs.close();
    }
  });
}
