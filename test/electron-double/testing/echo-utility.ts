/**
 * A utility process that serves the sample Api; bundled by the test that starts it.
 */
import { serve } from '../../../app/contracts/rpc-server.ts';
import { createSampleHandlers, SAMPLE_CONTRACT } from '../../../app/contracts/testing/sample-api.ts';
import { utilityParentPort } from '../../../main/electron/utility-parent-port.ts';

const port = utilityParentPort();
if (!port) throw new Error('This is not a utility process.');
console.log('The echo is there.');
serve(SAMPLE_CONTRACT, createSampleHandlers(), port, (error) => console.error(error));
