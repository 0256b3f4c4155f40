/**
 * Plans as files: JSON Lines, JSON, YAML and CSV.
 */
import { readFile, stat } from 'node:fs/promises';
import { extname } from 'node:path';
import { parse as parseCsv } from 'csv-parse/sync';
import { parse as parseYaml, stringify as stringifyYaml } from 'yaml';
import { StudioError } from '../../app/base/errors.ts';
import { type BatchPlan, planFromData } from '../../app/batch/plan.ts';

/** Thousands of entries take some megabytes. */
const MAX_BYTES = 64 * 2 ** 20;

const READERS: Readonly<Record<string, (text: string) => unknown>> = {
  '.jsonl': readJsonLines,
  '.ndjson': readJsonLines,
  '.json': (text) => JSON.parse(text),
  '.yaml': (text) => parseYaml(text),
  '.yml': (text) => parseYaml(text),
  '.csv': readCsv,
};

/** Throws `missing-file`, or `bad-request` for a file that is no plan. */
export async function readPlanFile(path: string): Promise<BatchPlan> {
  const found = await stat(path).catch(() => undefined);
  if (!found?.isFile()) {
    throw new StudioError('missing-file', `There is no plan ${path}.`, { hint: 'Check the path.' });
  }
  if (found.size > MAX_BYTES) throw new StudioError('bad-request', `${path} is too large for a plan.`);
  return parsePlanText(await readFile(path, 'utf8'), path);
}

/**
 * @param name of the file; its ending says how to read the text
 * @throws StudioError bad-request
 */
export function parsePlanText(text: string, name: string): BatchPlan {
  const read = READERS[extname(name).toLowerCase()];
  if (!read) {
    throw new StudioError('bad-request', `The plan ${name} is of no known kind.`, {
      hint: `A plan's name ends in ${Object.keys(READERS).join(', ')}.`,
    });
  }
  return planFromData(readData(read, text.replace(/^\uFEFF/, ''), name));
}

/** The plan as a YAML text that `parsePlanText` reads again. */
export function formatPlan({ entries }: BatchPlan): string {
  return stringifyYaml({ pictures: entries }, { lineWidth: 0, flowCollectionPadding: true });
}

function readData(read: (text: string) => unknown, text: string, name: string): unknown {
  try {
    return read(text);
  } catch (cause) {
    if (cause instanceof StudioError) throw cause;
    const why = cause instanceof Error ? cause.message.split('\n')[0]?.replace(/[.:]$/, '') : String(cause);
    throw new StudioError('bad-request', `${name} cannot be read: ${why}.`, { cause });
  }
}

function readJsonLines(text: string): unknown[] {
  return text.split('\n').flatMap((line, index) => {
    if (line.trim() === '') return [];
    try {
      return [JSON.parse(line) as unknown];
    } catch (cause) {
      throw new StudioError('bad-request', `Line ${index + 1} of the plan is no JSON.`, {
        hint: 'Each line is one entry, such as {"label": "harbour", "seed": "1..50"}.',
        cause,
      });
    }
  });
}

/** The first row names the fields; an empty cell leaves its field out. */
function readCsv(text: string): unknown[] {
  const rows = parseCsv(text, { columns: true, skip_empty_lines: true, trim: true }) as Record<string, string>[];
  return rows.map((row) => Object.fromEntries(Object.entries(row).filter(([, cell]) => cell !== '')));
}
