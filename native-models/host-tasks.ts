/**
 * Pure functions that a runtime runs beside each other on the processors' threads. Inputs and results are plain data.
 */
import { sampleRows } from './sampling/sample-rows.ts';

export const HOST_TASKS = { sampleRows } as const;

export type HostTaskName = keyof typeof HOST_TASKS;
export type HostTaskInput<Name extends HostTaskName> = Parameters<(typeof HOST_TASKS)[Name]>[0];
export type HostTaskResult<Name extends HostTaskName> = ReturnType<(typeof HOST_TASKS)[Name]>;
