/** Does with the port and the shell what the studio's page does, and keeps what comes. */
const seen = { ports: 0, messages: [], commands: [] };
const state = document.body ?? document.documentElement;
state.seen = seen;

window.addEventListener('message', ({ data, ports, origin }) => {
  if (data?.type !== 'underpaint-port' || origin !== location.origin) return;
  seen.ports++;
  seen.port = ports[0];
  seen.port.onmessage = (event) => seen.messages.push(event.data);
});
window.underpaintShell.onMenuCommand((...command) => seen.commands.push(command));
