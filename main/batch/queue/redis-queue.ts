/**
 * BullMQ on Redis, loaded only when a queue is asked for.
 */
import type { ConnectionOptions } from 'bullmq';
import { StudioError } from '../../../app/base/errors.ts';
import { loadOptional } from '../load-optional.ts';

export type Bull = typeof import('bullmq');

export interface RedisQueue {
  readonly bull: Bull;
  readonly connection: ConnectionOptions;
}

const URL_FORM = /^rediss?:\/\//;
const CONNECT_MS = 10_000;

/**
 * @param url `redis://…` or `rediss://…`
 * @throws StudioError bad-request for another address or when BullMQ is not installed; unreachable when nobody answers
 */
export async function openRedisQueue(url: string): Promise<RedisQueue> {
  if (!URL_FORM.test(url) || !URL.canParse(url)) {
    throw new StudioError('bad-request', `"${url}" is no address of a queue.`, {
      hint: 'It is written as redis://host:6379, or rediss://user:password@host:6379.',
    });
  }
  const load = async () => {
    const [bull, { Redis }] = [await import('bullmq'), await import('ioredis')];
    return { bull, Redis };
  };
  const { bull, Redis } = await loadOptional(load, ['bullmq', 'ioredis'], 'A queue');
  const probe = new Redis(url, { lazyConnect: true, connectTimeout: CONNECT_MS, retryStrategy: () => null });
  // What is wrong comes from `connect` too.
  probe.on('error', () => {});
  try {
    await probe.connect();
    await probe.ping();
  } catch (cause) {
    throw new StudioError('unreachable', `No Redis answers at ${withoutPassword(url)}.`, {
      hint: 'Check that it runs, and that this machine may reach it.',
      detail: String(cause),
      cause,
    });
  } finally {
    probe.disconnect();
  }
  // Commands wait for as long as Redis is away, and go on when it is back.
  return { bull, connection: { url, maxRetriesPerRequest: null } };
}

function withoutPassword(url: string): string {
  const parsed = new URL(url);
  parsed.password = '';
  return parsed.href;
}
