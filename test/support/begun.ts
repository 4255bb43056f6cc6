import type { Sandbox } from './cli.ts';
import { KiB, randomFile } from './files.ts';
import { saveUpload } from './saved.ts';
import type { TestServer } from './server.ts';

const PART = 64 * KiB;

/** An upload of one part, begun at this server and saved; its id. */
export async function begun(box: Sandbox, server: TestServer, name: string): Promise<string> {
  const file = await randomFile(box.path(name), PART, name);
  const body = { filename: name, purpose: 'assistants', bytes: PART, mime_type: 'application/octet-stream' };
  const reply = await fetch(`${server.url}/uploads`, {
    method: 'POST',
    headers: { authorization: `Bearer ${server.env.OPENAI_API_KEY}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const { id } = (await reply.json()) as { id: string };
  await saveUpload(box.stateDir, { file, baseUrl: server.url, partSize: PART, uploadId: id });
  return id;
}
