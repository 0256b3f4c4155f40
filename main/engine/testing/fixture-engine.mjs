// A stand-in for the engine process that misbehaves on request. It speaks the messages of app/contracts/rpc-message.ts.

process.on('disconnect', () => process.exit(0));
process.on('message', (message) => {
  if (message.kind === 'request') methods[message.method](message);
  if (message.kind === 'ack' && streams.has(message.id)) sendNext(message.id);
  if (message.kind === 'cancel') waiting.get(message.id)?.();
});

const streams = new Map();
const waiting = new Map();

const reply = (id, result) => process.send({ kind: 'reply', id, result });
const fail = (id, code) => process.send({ kind: 'error', id, error: { code, message: code } });

function sendNext(id) {
  const { next, count } = streams.get(id);
  streams.set(id, { next: next + 1, count });
  if (next < count) process.send({ kind: 'event', id, sequence: next, event: next });
  else reply(id, 'done');
}

const methods = {
  pid: ({ id }) => reply(id, process.pid),
  invert: ({ id, args }) =>
    reply(
      id,
      args[0].map((byte) => 255 - byte),
    ),
  count({ id, args }) {
    streams.set(id, { next: 0, count: args[0] });
    sendNext(id);
  },
  wait: ({ id }) => waiting.set(id, () => fail(id, 'cancelled')),
  ignoreCancel: () => {},
  spin() {
    for (;;);
  },
  exit() {
    console.error('the last words');
    process.exit(3);
  },
  abort: () => process.kill(process.pid, 'SIGKILL'),
  disconnect: () => process.disconnect(),
  garbage({ id }) {
    process.send('garbage');
    process.send({ kind: 'reply' });
    process.send({ kind: 'event', id, sequence: -1 });
  },
};

process.send({ kind: 'ack', id: 12345, sequence: 0 });
