/**
 * The part of the hub's API that Underpaint uses, on a server of the test: facts of files, and files by redirect.
 */
import type { IncomingMessage } from 'node:http';
import { bytesOf, type HostileServer, type Serving, sha256Of, status } from './hostile-server.ts';

export interface HubRepository {
  readonly repo: string;
  readonly files: Readonly<Record<string, Uint8Array>>;
  /** Token without which nothing is given. */
  readonly token?: string;
  readonly serving?: Serving;
}

/** Answers as the hub does for the repository; the server's origin is the endpoint. */
export function serveHub(server: HostileServer, { repo, files, token, serving }: HubRepository): void {
  const isAllowed = ({ headers }: IncomingMessage) =>
    token === undefined || headers.authorization === `Bearer ${token}`;
  server.on(`/api/models/${repo}/paths-info/main`, async (request, response) => {
    if (!isAllowed(request)) return status(401, { 'X-Error-Code': 'GatedRepo' })(request, response);
    let body = '';
    for await (const chunk of request) body += chunk;
    const { paths } = JSON.parse(body) as { paths: string[] };
    const infos = paths.flatMap((path) => {
      const content = files[path];
      if (!content) return [];
      const { length: size } = content;
      return [{ type: 'file', path, size, oid: 'git', lfs: { oid: sha256Of(content), size, pointerSize: 1 } }];
    });
    response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(infos));
  });
  for (const [path, content] of Object.entries(files)) {
    const cdn = server.on(`/cdn/${sha256Of(content)}`, bytesOf(content, serving));
    server.on(`/${repo}/resolve/main/${path}`, (request, response) => {
      const answer = isAllowed(request) ? status(302, { Location: cdn }) : status(403);
      answer(request, response);
    });
  }
}
