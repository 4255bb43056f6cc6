import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Endpoint } from '../../../src/core/events/events.ts';
import { destinationIdentity } from '../../../src/core/model/request.ts';
import { createLedger } from '../../../src/io/state/ledger.ts';
import type { Sandbox } from '../../support/cli.ts';
import { saveUpload } from '../../support/saved.ts';
import { CONTENT, FILE, UPLOAD } from './hostile-server.ts';

/** A command, and the endpoint at which it meets a hostile server. */
export type Scene = {
  readonly name: string;
  readonly endpoint: Endpoint;
  readonly args: readonly string[];
  /** A harmful reply cannot end well: nothing else tells the command what it needs. */
  readonly mustFail: boolean;
  prepare?(box: Sandbox, baseUrl: string): Promise<unknown>;
};

const push = ['push', 'f.txt', '--purpose', 'user_data'];

const saved = (box: Sandbox, baseUrl: string) =>
  saveUpload(box.stateDir, {
    file: box.path('f.txt'),
    baseUrl,
    partSize: 8 * 1024 ** 2,
    uploadId: UPLOAD,
    purpose: 'user_data',
    mimeType: 'text/plain',
  });

const remembered = async (box: Sandbox, baseUrl: string): Promise<void> =>
  createLedger(join(box.stateDir, 'uploaded.ledger')).add({
    md5: createHash('md5').update(CONTENT).digest('hex'),
    bytes: CONTENT.length,
    destination: destinationIdentity({ kind: 'openai', baseUrl }),
    purpose: 'user_data',
    fileId: FILE,
  });

/** Every command that talks, at every endpoint that it talks to. */
export const scenes: readonly Scene[] = [
  { name: 'push', endpoint: 'create', args: push, mustFail: true },
  { name: 'push', endpoint: 'part', args: push, mustFail: true },
  { name: 'push', endpoint: 'complete', args: push, mustFail: true },
  { name: 'resume', endpoint: 'part', args: ['resume', '--all'], mustFail: true, prepare: saved },
  { name: 'resume', endpoint: 'complete', args: ['resume', UPLOAD], mustFail: true, prepare: saved },
  // One that the server does not have any more is forgotten.
  { name: 'cancel', endpoint: 'cancel', args: ['cancel', '--all'], mustFail: false, prepare: saved },
  { name: 'verify', endpoint: 'file', args: ['verify', 'f.txt', FILE], mustFail: true },
  // Where content is refused the sizes are compared.
  { name: 'verify', endpoint: 'content', args: ['verify', 'f.txt', FILE], mustFail: false },
  // Not every server has a list of models.
  { name: 'doctor', endpoint: 'models', args: ['doctor', '--no-upload'], mustFail: false },
  { name: 'doctor', endpoint: 'create', args: ['doctor'], mustFail: true },
  { name: 'push --wait', endpoint: 'file', args: [...push, '--wait', '--wait-timeout', '20s'], mustFail: true },
  // A File that is not there is uploaded anew.
  {
    name: 'push --skip-uploaded',
    endpoint: 'file',
    args: [...push, '--skip-uploaded'],
    mustFail: false,
    prepare: remembered,
  },
];
