/**
 * Runs in the preload script's world before it: `electron/renderer`, as far as the preload script uses it.
 */
import { DROPPED_FOLDER, FROM_MAIN, type FromPage, TO_MAIN, type ToPage } from '../page-message.ts';
import { decode, encode } from '../wire.ts';
import { WorldLink } from './world-link.ts';

type Listener = (event: { readonly ports: readonly MessagePort[] }, ...args: unknown[]) => void;

const globals = globalThis as unknown as Record<string, unknown>;
const toMain = globals[TO_MAIN] as (text: string) => void;

const listeners = new Map<string, Set<Listener>>();
const replies = new Map<number, (reply: Extract<ToPage, { kind: 'reply' }>) => void>();
const ports = new Map<number, MessagePort>();
let nextId = 0;

const send = (message: FromPage): void => toMain(encode(message));

globals[FROM_MAIN] = (text: string): void => {
  const message = decode(text) as ToPage;
  if (message.kind === 'message') receive(message);
  else if (message.kind === 'reply') replies.get(message.id)?.(message);
  else if (message.kind === 'port') ports.get(message.port)?.postMessage(message.data);
  else ports.get(message.port)?.close();
};

function receive({ channel, args, ports: ids }: Extract<ToPage, { kind: 'message' }>): void {
  const event = { ports: ids.map(openPort) };
  for (const listener of listeners.get(channel) ?? []) listener(event, ...args);
}

function openPort(id: number): MessagePort {
  const { port1, port2 } = new MessageChannel();
  ports.set(id, port2);
  port2.onmessage = ({ data }) => send({ kind: 'port', port: id, data });
  port2.addEventListener('close', () => send({ kind: 'close', port: id }));
  return port1;
}

const ipcRenderer = {
  on(channel: string, listener: Listener): void {
    listeners.set(channel, (listeners.get(channel) ?? new Set()).add(listener));
  },
  send: (channel: string, ...args: unknown[]): void => send({ kind: 'send', channel, args }),
  invoke(channel: string, ...args: unknown[]): Promise<unknown> {
    const id = ++nextId;
    return new Promise((resolve, reject) => {
      replies.set(id, ({ result, error }) => {
        replies.delete(id);
        if (error === undefined) resolve(result);
        else reject(new Error(`Error invoking remote method '${channel}': ${error}`));
      });
      send({ kind: 'invoke', id, channel, args });
    });
  },
};

const link = new WorldLink('electron-double-isolated', 'electron-double-main');
const exposed: [string, unknown][] = [];
link.on('ready', () => {
  for (const item of exposed) link.send('expose', item);
});

link.on('window-open', (url) => send({ kind: 'window-open', url: url as string }));

const contextBridge = {
  exposeInMainWorld(name: string, api: unknown): void {
    exposed.push([name, api]);
    link.send('expose', [name, api]);
  },
};

/** A real path cannot be had from a page: the name in a folder stands for it. */
const webUtils = {
  getPathForFile: (file: unknown): string => {
    if (!(file instanceof File)) throw new TypeError('getPathForFile takes a File.');
    return `${DROPPED_FOLDER}/${file.name}`;
  },
};

/** What the preload script's `require` gives; the function of that name is put around the script. */
export function requireInPreload(name: string): unknown {
  if (name !== 'electron/renderer') throw new Error(`A sandboxed preload script cannot require '${name}'.`);
  return { ipcRenderer, contextBridge, webUtils };
}
