/**
 * A golden case on the WebGPU provider, through the command line. Without a graphics card a Vulkan device in software does,
 * the one that Debian's chromium brings; where there is neither, the test is skipped.
 */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { readSafetensors } from '../../main/checkpoints/read-safetensors.ts';
import { writeSafetensors } from '../../main/checkpoints/write-safetensors.ts';
import type { NamedArray } from '../../native-models/pipeline.ts';
import { compare } from './compare.ts';
import { readGoldenCase } from './golden-case.ts';

const CHROMIUM = '/usr/lib/chromium';
const SWIFTSHADER = join(CHROMIUM, 'vk_swiftshader_icd.json');
const COMMAND = fileURLToPath(new URL('../../main/cli/bin.mjs', import.meta.url));
const TIMEOUT_MS = 240_000;

/** Of the case's tolerances. SwiftShader needed 0.024. */
const SHARE_OF_TOLERANCE = 0.1;

describe.runIf(existsSync(SWIFTSHADER))('WebGPU', () => {
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'underpaint-webgpu-'));
    await symlink(join(CHROMIUM, 'libvulkan.so.1'), join(folder, 'libvulkan.so.1'));
  });

  afterAll(() => rm(folder, { recursive: true, force: true }));

  it(
    'gives what the authors’ code gives for var256',
    async () => {
      const { files, run, tensors, expected, forced } = await readGoldenCase('var256', 'expected.safetensors');
      const [runFile, force, out] = ['run.json', 'force.safetensors', 'out.safetensors'].map((name) => join(folder, name));
      await writeFile(runFile!, JSON.stringify(run));
      await writeSafetensors(force!, forced);
      const model = join(folder, 'model');
      await copyModel(files, model);
      const flags = ['--model', model, '--run', runFile!, '--force', force!, '--out', out!, '--provider', 'webgpu'];
      const env = { ...process.env, VK_DRIVER_FILES: SWIFTSHADER, LD_LIBRARY_PATH: folder, UNDERPAINT_HOME: folder };
      await promisify(execFile)(process.execPath, [COMMAND, 'trace', ...flags], { env });
      const got = await readSafetensors(out!);
      for (const tensor of tensors) {
        compare(tensor, got.get(tensor.name), expected.get(tensor.name) as NamedArray, SHARE_OF_TOLERANCE);
      }
    },
    TIMEOUT_MS,
  );
});

async function copyModel(files: readonly string[], folder: string): Promise<void> {
  await mkdir(folder);
  for (const file of files) await copyFile(file, join(folder, basename(file)));
}
