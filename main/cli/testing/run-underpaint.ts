/**
 * Runs the command line as a person does, with a data folder of its own.
 */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { join, resolve } from 'node:path';
import type { Readable } from 'node:stream';

const BIN = resolve(import.meta.dirname, '../bin.mjs');

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly child: ChildProcessByStdio<null, Readable, Readable>;
  readonly ended: Promise<Ended>;
}

/** @param folder working directory; the data folder is `home` in it */
export function startUnderpaint(folder: string, ...args: string[]): Running {
  const child = spawn(process.execPath, [BIN, ...args], {
    cwd: folder,
    env: { ...process.env, UNDERPAINT_HOME: join(folder, 'home') },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const ended = new Promise<Ended>((end) => child.once('close', (code) => end({ code, stdout, stderr })));
  return { child, ended };
}

export function runUnderpaint(folder: string, ...args: string[]): Promise<Ended> {
  return startUnderpaint(folder, ...args).ended;
}
