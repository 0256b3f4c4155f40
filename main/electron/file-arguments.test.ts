import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { projectsOf } from './file-arguments.ts';

it('finds the projects of a command line', () => {
  const argv = ['/bin/x.underpaint', '.', '--open=/a.underpaint', '/art/A.Underpaint', 'b.underpaint', 'c.png'];
  expect(projectsOf(argv, '/home/me')).toEqual([resolve('/art/A.Underpaint'), resolve('/home/me', 'b.underpaint')]);
});
