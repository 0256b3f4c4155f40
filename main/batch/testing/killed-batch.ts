/**
 * A batch of many small pictures, in a process that is there to be killed; bundled by the test that starts it.
 */
import { DEFAULT_OUTPUT } from '../../../app/batch/batch-options.ts';
import { runBatch } from '../run-batch.ts';
import { FolderStore } from '../stores/folder-store.ts';
import { createFakeEngine, prepareFakeBatch } from './fake-engine.ts';

const [, , folder = '', count = '1'] = process.argv;
const batch = await prepareFakeBatch({
  plan: { entries: [{ label: 'lake', seed: `1..${count}` }] },
  output: { ...DEFAULT_OUTPUT, metadata: 'both', name: '{seed}' },
  engine: { provider: 'cpu', precision: 'fp32', previews: 'linear' },
});
const result = await runBatch({
  batch,
  store: new FolderStore(folder),
  assembleTeam: async (model) => ({ engines: [createFakeEngine(), createFakeEngine()], model }),
  sharesEngine: false,
  retries: 0,
  acceptChanges: false,
  onEvent: () => {},
  signal: new AbortController().signal,
});
console.log(JSON.stringify(result));
