import type { UploadError } from '../../core/errors/errors.ts';
import { RequestError } from '../../core/errors/request-error.ts';
import type { Talk } from '../lines/announce.ts';
import { STDOUT_LOST } from '../output/streams.ts';
import { findingsOf } from './findings.ts';
import type { Kept } from './kept.ts';
import { inSource } from './source-lines.ts';
import { printable, printableName } from './text.ts';

/** A failure for people: the sentence, then whatever helps to act on it. */
export const failureLines = (error: UploadError, path?: string, kept?: Kept): readonly string[] => [
  failureHeadline(error, path),
  ...(kept ? [kept.line] : []),
  ...(error.check ? findingsOf(error.check, path ?? '') : []),
  ...(error.code === 'BUG' ? bugLines(error) : detailLines(error, kept)),
];

/** Failures as they come: those who want errors only get one line each, and what ends every file is told once. */
export const createFailures = (talk: Talk) => {
  const told = new Set<string>();
  /** `kept`: what an interrupted run leaves behind, looked up where it is told. */
  return (error: UploadError, path: string, kept: () => Kept | undefined = () => undefined): readonly string[] => {
    const { code, reason, message, hint } = error;
    if (told.has(code) || told.has(reason) || told.has(message)) return [];
    if (code === 'INTERRUPTED') told.add(code);
    if (reason === STDOUT_LOST) told.add(reason);
    if (reason === 'other-destination' || reason === 'no-key') told.add(message);
    if (talk === 'errors' && error.code !== 'BUG') return [failureHeadline(error, path)];
    // A hint of its own says why nothing is kept.
    return failureLines(error, path, code === 'INTERRUPTED' && hint === undefined ? kept() : undefined);
  };
};

/** The failure in one line. */
export const failureHeadline = ({ message }: UploadError, path?: string): string => {
  const known = path === undefined || path === '' || message.startsWith(path);
  return `oai-upload: ${known ? '' : `${printableName(path)}: `}${printable(message)}`;
};

function detailLines(error: UploadError, kept: Kept | undefined): readonly string[] {
  const details: readonly (readonly [string, string | undefined])[] = [
    ['  server said', unsaidReply(error)],
    ['  request id', error.requestId],
    ['hint', hintOf(error, kept)],
  ];
  return details.flatMap(([name, value]) => (value === undefined ? [] : [`${name}: ${printable(value)}`]));
}

/** The server's own words, where the sentence does not hold them. */
const unsaidReply = ({ cause, message }: UploadError): string | undefined =>
  cause instanceof RequestError && !message.includes(cause.message) ? cause.message : undefined;

const hintOf = ({ code, hint }: UploadError, kept: Kept | undefined): string | undefined =>
  hint ?? (code === 'INTERRUPTED' ? `run the same command again${kept?.isSome ? ' to resume' : ''}` : undefined);

function bugLines(error: UploadError): readonly string[] {
  const { stack } = error.cause instanceof Error ? error.cause : error;
  return [
    ...inSource(stack ?? '')
      .split('\n')
      .map(line => `  ${printable(line)}`),
    '  this is a bug in oai-upload: please report it with the lines above',
  ];
}
