import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { sandbox, startProcess } from '../support/cli.ts';
import { ROOT } from '../support/packed.ts';

/** The build writes the library's types from the schemas; in the sources the compiler infers them. */
const program = (published: string): string => `
  import type * as published from '${published}';
  import type * as inferred from '${join(ROOT, 'src/index.ts')}';

  type Same<A, B> = [A, B] extends [B, A] ? SameFields<A, B> : false;
  type SameFields<A, B> = [keyof A, keyof B] extends [keyof B, keyof A] ? true : false;
  type ByType<Event extends { readonly type: string }> = {
    readonly [Type in Event['type']]: Required<Extract<Event, { readonly type: Type }>>;
  };
  type SameEvents<A, B> = false extends { [Type in keyof A & keyof B]: Same<A[Type], B[Type]> }[keyof A & keyof B]
    ? false
    : Same<keyof A, keyof B>;
  const holds = <Claim extends true>(claim?: Claim): Claim | undefined => claim;

  holds<Same<published.ApiFile, inferred.ApiFile>>();
  holds<Same<published.ErrorCode, inferred.ErrorCode>>();
  holds<Same<published.PushResult, inferred.PushResult>>();
  holds<Same<NonNullable<published.PushResult['check']>, NonNullable<inferred.PushResult['check']>>>();
  holds<Same<published.ResultError, inferred.ResultError>>();
  holds<Same<published.UnfinishedResult, inferred.UnfinishedResult>>();
  holds<SameEvents<ByType<published.UploadEvent>, ByType<inferred.UploadEvent>>>();
`;

const compiled = async (text: string): Promise<string> => {
  const box = await sandbox();
  await writeFile(box.path('program.ts'), text);
  const config = { extends: join(ROOT, 'tsconfig.json'), include: [], files: [box.path('program.ts')] };
  const typeRoots = [join(ROOT, 'node_modules/@types')];
  await writeFile(box.path('tsconfig.json'), JSON.stringify({ ...config, compilerOptions: { typeRoots } }));
  const compiler = [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', box.path('tsconfig.json')];
  return (await startProcess(process.execPath, compiler, { cwd: box.work, env: box.env }).ended).stdout;
};

it('publishes the types that the sources have', async () => {
  expect(await compiled(program(join(ROOT, 'dist/index.js')))).toBe('');
});

it('sees a field that only one of them has', async () => {
  const box = await sandbox();
  const declared = await readFile(join(ROOT, 'dist/index.d.ts'), 'utf8');
  const other = declared.replace('readonly part_id: string;', '$& readonly colour?: string;');
  expect(other).not.toBe(declared);
  await writeFile(box.path('other.d.ts'), other);
  expect(await compiled(program(box.path('other.js')))).toContain("does not satisfy the constraint 'true'");
});
