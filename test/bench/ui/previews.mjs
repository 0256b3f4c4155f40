/**
 * What it costs the server and its engine that a window takes the previews of pictures: processor time of the same pictures with a
 * window that shows them, and with one that is stopped and takes nothing.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { connectHost } from './host-client.mjs';
import { pageProcesses } from './memory.mjs';

const TURNS = 6;
const PICTURES = 8;
const POLL_MS = 100;
const SETTLE_MS = 1000;

/** @returns the median of the turns' ratios: processor time with previews taken, over that without */
export async function previewCost({ page, browser, server, url }) {
  const origin = await originOfPage(page);
  const client = await connectHost(url);
  const windows = await pageProcesses(browser);
  const ratios = [];
  try {
    // The first pictures load the model.
    await costOf(client, server.pid, origin, 0, windows, true);
    for (let turn = 0; turn < TURNS; turn++) {
      const isFirst = turn % 2 === 0;
      const first = await costOf(client, server.pid, origin, turn * 2 + 1, windows, isFirst);
      const second = await costOf(client, server.pid, origin, turn * 2 + 2, windows, !isFirst);
      ratios.push(isFirst ? first / second : second / first);
    }
  } finally {
    client.close();
  }
  ratios.sort((a, b) => a - b);
  return (ratios[TURNS / 2 - 1] + ratios[TURNS / 2]) / 2;
}

/** Asks for one picture, and hears from the page's own call what it says of its painting. */
async function originOfPage(page) {
  const heard = new Promise((resolve) => {
    page.on('websocket', (socket) => {
      socket.on('framesent', ({ payload }) => {
        if (typeof payload === 'string') return;
        const { method, args } = JSON.parse(payload.subarray(4, 4 + payload.readUInt32LE(0)).toString());
        if (method === 'enqueue') resolve({ request: args[0], origin: args[1], title: args[2] });
      });
    });
  });
  await page.reload();
  await page.getByRole('button', { name: 'Not now' }).click();
  await page.locator('button[type=submit]:enabled').click();
  return heard;
}

/** Processor seconds of the server and its engine for some pictures. */
async function costOf(client, pid, { request, origin, title }, turn, windows, taken) {
  if (taken) await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
  else for (const id of windows) process.kill(id, 'SIGSTOP');
  const seeds = Array.from({ length: PICTURES }, (_, i) => 1000 * (turn + 1) + i);
  const before = processorSeconds(pid);
  for (const seed of seeds) await client.call('enqueue', { ...request, seed }, origin, title, null);
  for (let done = 0; done < PICTURES; ) {
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    const pictures = await client.call('listPictures', { limit: PICTURES });
    done = pictures.filter(({ seed }) => seeds.includes(seed)).length;
  }
  const cost = processorSeconds(pid) - before;
  if (!taken) for (const id of windows) process.kill(id, 'SIGCONT');
  return cost;
}

/** Of a process and its children, in user and system time. */
function processorSeconds(pid) {
  const ticks = Number(execFileSync('getconf', ['CLK_TCK']));
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean);
  return [pid, ...children].reduce((sum, id) => {
    // The name in parentheses may hold spaces; user and system time are the 14th and 15th field.
    const fields = readFileSync(`/proc/${id}/stat`, 'utf8').split(') ')[1].split(' ');
    return sum + (Number(fields[11]) + Number(fields[12])) / ticks;
  }, 0);
}
