import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findPaths, unpackedPath } from './paths.ts';

describe('the path of an unpacked file', () => {
  it.each([
    ['/opt/Underpaint/resources/app.asar/native-models', '/opt/Underpaint/resources/app.asar.unpacked/native-models'],
    ['C:\\Program Files\\U\\resources\\app.asar\\x', 'C:\\Program Files\\U\\resources\\app.asar.unpacked\\x'],
    ['/opt/app.asar', '/opt/app.asar.unpacked'],
    ['/opt/app.asar.unpacked/x', '/opt/app.asar.unpacked/x'],
    ['/home/me/underpaint/native-models', '/home/me/underpaint/native-models'],
    ['/home/me/app.asarium/x', '/home/me/app.asarium/x'],
  ])('of %s is %s', (path, unpacked) => {
    expect(unpackedPath(path)).toBe(unpacked);
  });
});

it('finds the person’s data in the folder that is named', () => {
  expect(findPaths('/data')).toMatchObject({ data: '/data', models: join('/data', 'models') });
});
