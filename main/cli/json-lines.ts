/**
 * What `--json` prints: one object a line, on stdout.
 */
export function printJsonLine(value: object): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}
