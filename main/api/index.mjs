/**
 * What `import … from 'underpaint'` loads: builds what is missing, as the command does, then hands on the API.
 */
import { pathToFileURL } from 'node:url';
import { API_ENTRY, ensureBuilt } from '../cli/build.mjs';

await ensureBuilt((line) => console.error(line));

export const {
  StudioError,
  openBatch,
  openStudio,
  parsePlanText,
  planFromData,
  readPictureRecord,
  readPlanFile,
  writePicture,
} = await import(pathToFileURL(API_ENTRY).href);
