/**
 * A process that downloads one file, to be killed once it has said that it begins. Arguments: url, target, size, sha256.
 */
import { downloadFile } from '../download-file.ts';

const [url = '', target = '', size = '', sha256 = ''] = process.argv.slice(2);
console.log('begin');
await downloadFile({ url, size: Number(size), sha256 }, target, {
  signal: new AbortController().signal,
  onStage: () => {},
});
