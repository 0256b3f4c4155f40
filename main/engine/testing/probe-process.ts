/**
 * Prints the device report for the provider that its argument names, or the error; bundled by the test that runs it.
 */
import { serializeError } from '../../../app/base/errors.ts';
import type { EngineOptions } from '../../../app/contracts/engine-api.ts';
import { reportDevices } from '../ort/device-probe.ts';

const asked = process.argv[2] as EngineOptions['provider'];
console.log(JSON.stringify(await reportDevices(asked).catch(serializeError)));
