/**
 * Entry of the engine process. It lives as long as its parent, and leaves Ctrl+C, which a terminal sends to both, to it.
 */
import { constants, setPriority } from 'node:os';
import { StudioError } from '../../app/base/errors.ts';
import { ENGINE_CONTRACT } from '../../app/contracts/engine-contract.ts';
import { failToServe, serve } from '../../app/contracts/rpc-server.ts';
import { utilityParentPort } from '../electron/utility-parent-port.ts';
import { parentPort } from './process-port.ts';

const port = utilityParentPort() ?? parentPort();
process.on('SIGINT', () => {});
// Whoever paints by hand comes first: a picture may take a moment longer.
setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
port.onClose(() => process.exit(0));

try {
  // Loaded here, so that a runtime library that is missing becomes an error that the parent can show.
  const { createEngine } = await import('./engine.ts');
  const { loadModel } = await import('./load-model.ts');
  const { chooseProvider, reportDevices } = await import('./ort/device-probe.ts');
  const { createOrtSession } = await import('./ort/ort-session.ts');
  const { computingThreads } = await import('./ort/threads.ts');
  const { measureSpeed } = await import('./measure-speed.ts');
  const engine = createEngine({
    loadModel,
    chooseProvider,
    reportDevices,
    threads: computingThreads,
    measureSpeed: () => measureSpeed((model) => createOrtSession(model, 'cpu')),
  });
  serve(ENGINE_CONTRACT, engine, port, (error) => console.error(error));
} catch (error) {
  const failure = new StudioError('session-failed', 'The inference runtime could not be loaded.', {
    hint: 'Install Underpaint again; its own files are missing or damaged.',
    detail: String(error),
    cause: error,
  });
  failToServe(failure, port);
  port.close();
}
