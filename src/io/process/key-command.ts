import { type ExecFileException, execFile } from 'node:child_process';
import { UploadError, usageError } from '../../core/errors/errors.ts';
import { checkedKey } from '../../core/policy/api-key.ts';
import { commandWords } from '../../core/policy/command-words.ts';

/** A key is short, and a program that asks a person may take a while. */
const MOST_BYTES = 64 * 1024;
const LONGEST_MS = 60_000;

/**
 * The key that a command prints. It is run without a shell, with nothing on its stdin, for at most a minute. Throws an
 * UploadError of usage where it prints none; what it printed to stdout is in no message.
 */
export const keyOfCommand = async (command: string, told: string, signal: AbortSignal): Promise<string> => {
  const words = commandWords(command);
  if (!words) throw usageError(`${told} is no command: a quote is not closed, or it is empty`);
  const [program, ...args] = words;
  const output = await run(program, args, signal).catch((error: Failed) => {
    signal.throwIfAborted();
    throw new UploadError('USAGE', `${told} failed: ${whyOf(error)}`, { reason: 'no-key', hint: hintOf(error) });
  });
  return checkedKey(output, {
    missing: `${told} printed nothing`,
    hint: 'it must print the key, and nothing else, to stdout',
  });
};

type Failed = ExecFileException & { readonly words?: string };

const run = (program: string, args: readonly string[], signal: AbortSignal): Promise<string> =>
  new Promise((resolve, reject) => {
    const options = {
      signal,
      timeout: LONGEST_MS,
      killSignal: 'SIGKILL',
      maxBuffer: MOST_BYTES,
      encoding: 'utf8',
    } as const;
    const child = execFile(program, [...args], options, (error, stdout, stderr) =>
      error ? reject(Object.assign(error, { words: stderr })) : resolve(stdout),
    );
    child.stdin?.end();
  });

const whyOf = ({ code, killed, signal, words = '' }: Failed): string => {
  if (code === 'ENOENT') return 'there is no such program';
  if (code === 'EACCES') return 'the program may not be run';
  if (code === 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER') return 'it printed more than any key';
  if (killed && signal) return `it did not end within ${LONGEST_MS / 1000} seconds`;
  const last = words.trim().split('\n').at(-1)?.trim();
  return `${signal ? `it was ended by ${signal}` : `exit code ${code}`}${last ? `: ${last}` : ''}`;
};

const hintOf = ({ code }: Failed): string | undefined =>
  code === 'ENOENT' ? "it is run without a shell; where one is needed: sh -c '…'" : undefined;
