/**
 * A file of the Hugging Face hub.
 */
import type { License, PublishedFile } from './published-model.ts';

export function onHub(
  role: PublishedFile['role'],
  repo: string,
  path: string,
  size: number,
  license: License,
): PublishedFile {
  return { role, name: path, size, at: { repo, path }, license };
}
