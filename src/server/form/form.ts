import { rm } from 'node:fs/promises';
import { badField } from '../http/api-error.ts';
import { type FileWriter, openFileWriter } from '../store/file-writer.ts';
import { type FieldHead, parseFieldHead } from './form-head.ts';
import { createMultipartReader, type MultipartEvent, malformed } from './multipart.ts';

const MAX_TEXT_BYTES = 1024;

export type FormRules = {
  readonly boundary: string;
  /** The one field that must be a file. */
  readonly file: string;
  readonly texts: readonly string[];
  /** The filename of a file that comes without one; otherwise it is refused. */
  readonly nameless?: string;
  /** Where the file goes. It is there only if the whole form was well. */
  readonly path: string;
  /** Throws once the file has grown too large. */
  readonly checkSize: (bytes: number) => void;
};

export type Form = { readonly texts: ReadonlyMap<string, string>; readonly filename: string; readonly bytes: number };

type Field =
  | { readonly name: string; readonly kind: 'file'; readonly writer: FileWriter }
  | { readonly name: string; readonly kind: 'text'; readonly chunks: Buffer[] };
type Draft = { readonly rules: FormRules; readonly fields: Map<string, Field>; filename?: string; current?: Field };

/** Streams a form: its file straight to disk, its few texts to memory. */
export async function receiveForm(chunks: AsyncIterable<Buffer>, rules: FormRules): Promise<Form> {
  const draft: Draft = { rules, fields: new Map() };
  try {
    await readAll(chunks, draft);
    return finished(draft);
  } catch (error) {
    await discardFile(draft).catch(() => {});
    throw error;
  }
}

async function readAll(chunks: AsyncIterable<Buffer>, draft: Draft): Promise<void> {
  const reader = createMultipartReader(draft.rules.boundary);
  for await (const chunk of chunks) {
    for (const event of reader.push(chunk)) {
      const wait = take(event, draft);
      if (wait) await wait;
    }
  }
  reader.finish();
}

function take(event: MultipartEvent, draft: Draft): Promise<void> | undefined {
  switch (event.kind) {
    case 'head':
      return openField(parseFieldHead(event.text), draft);
    case 'data':
      return takeBytes(event.bytes, draft);
    case 'end':
      return draft.current?.kind === 'file' ? draft.current.writer.close() : undefined;
    default:
      return event satisfies never;
  }
}

async function openField({ name, ...head }: FieldHead, draft: Draft): Promise<void> {
  const { file, texts, path, nameless } = draft.rules;
  const filename = head.filename || nameless;
  if (name !== file && !texts.includes(name)) {
    throw badField(name, `Additional properties are not allowed ('${name}' was unexpected)`, 'unknown_parameter');
  }
  if (draft.fields.has(name)) throw badField(name, `Duplicate parameter: '${name}'.`);
  if (name !== file) draft.current = { name, kind: 'text', chunks: [] };
  else if (!filename) throw badField(name, `Expected entry at '${name}' to be a file with a filename.`, 'invalid_type');
  else {
    draft.filename = filename;
    draft.current = { name, kind: 'file', writer: await openFileWriter(path) };
  }
  draft.fields.set(name, draft.current);
}

function takeBytes(bytes: Buffer, { current, rules }: Draft): Promise<void> | undefined {
  if (!current) throw malformed('it has bytes outside of its parts');
  if (current.kind === 'file') {
    rules.checkSize(current.writer.written() + bytes.length);
    return current.writer.write(bytes);
  }
  current.chunks.push(bytes);
  if (Buffer.concat(current.chunks).length > MAX_TEXT_BYTES)
    throw badField(current.name, `'${current.name}' is too long.`);
  return undefined;
}

function finished({ rules, fields, filename }: Draft): Form {
  const file = fields.get(rules.file);
  if (file?.kind !== 'file' || filename === undefined) {
    throw badField(rules.file, `Missing required parameter: '${rules.file}'.`, 'missing_required_parameter');
  }
  if (file.writer.written() === 0) throw badField(rules.file, 'The file is empty.');
  const texts = [...fields.values()].flatMap(field =>
    field.kind === 'text' ? [[field.name, Buffer.concat(field.chunks).toString('utf8')] as const] : [],
  );
  return { texts: new Map(texts), filename, bytes: file.writer.written() };
}

async function discardFile({ fields, rules }: Draft): Promise<void> {
  const file = fields.get(rules.file);
  if (file?.kind !== 'file') return;
  await file.writer.close().catch(() => {}); // closed already, or failed: either way it goes
  await rm(rules.path, { force: true });
}
