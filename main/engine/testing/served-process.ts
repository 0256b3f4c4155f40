/**
 * A child process that serves the sample Api through the real server and port; bundled by the test that forks it.
 */
import { serve } from '../../../app/contracts/rpc-server.ts';
import { createSampleHandlers, SAMPLE_CONTRACT } from '../../../app/contracts/testing/sample-api.ts';
import { parentPort } from '../process-port.ts';

const port = parentPort();
port.onClose(() => process.exit(0));
serve(SAMPLE_CONTRACT, createSampleHandlers(), port, (error) => console.error(error));
