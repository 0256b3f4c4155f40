#!/usr/bin/env node
/**
 * The `underpaint` command: builds what is missing, then runs it.
 */
import { pathToFileURL } from 'node:url';
import { CLI_ENTRY, ensureBuilt } from './build.mjs';

try {
  await ensureBuilt((line) => console.error(line));
} catch (error) {
  console.error(`error: ${error instanceof Error ? error.message : error}`);
  console.error('  Run "npm ci" in the folder of Underpaint, then try again.');
  process.exit(1);
}
await import(pathToFileURL(CLI_ENTRY).href);
