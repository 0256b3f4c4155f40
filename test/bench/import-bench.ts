/**
 * What importing a published-size checkpoint costs: time, memory and bytes written.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { CLI_ENTRY } from '../../main/cli/build.mjs';

export interface ImportCost {
  readonly ms: number;
  /** Largest sum of resident memory that is not a mapped file, over the command and its engine; undefined off Linux. */
  readonly anonymousBytes: number | undefined;
  readonly writtenBytes: number;
}

const SAMPLE_MS = 20;

export async function measureImport(home: string, transformer: string, tokenizer: string): Promise<ImportCost> {
  const args = [CLI_ENTRY, 'models', 'import', '--transformer', transformer, '--tokenizer', tokenizer, '--id', 'bench'];
  const start = performance.now();
  const child = spawn(process.execPath, args, {
    env: { ...process.env, UNDERPAINT_HOME: home },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  let peak = 0;
  const timer = setInterval(() => {
    peak = Math.max(peak, anonymousMemory(child.pid as number));
  }, SAMPLE_MS);
  const [code] = await once(child, 'close');
  clearInterval(timer);
  if (code !== 0) throw new Error(`The import failed with exit code ${code}.`);
  return { ms: performance.now() - start, anonymousBytes: peak || undefined, writtenBytes: folderBytes(home) };
}

/** RssAnon of a process and its children. */
function anonymousMemory(pid: number): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
    const own = Number(/RssAnon:\s+(\d+)/.exec(status)?.[1] ?? 0) * 1024;
    return children.reduce((sum, child) => sum + anonymousMemory(child), own);
  } catch {
    // It has just ended, or this is not Linux.
    return 0;
  }
}

function folderBytes(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
}
